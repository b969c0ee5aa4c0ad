import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { cli } from '../helpers/cli.ts';
import { startFaultyProxy } from '../helpers/faulty-proxy.ts';
import { pki } from '../helpers/pki.ts';
import { programPath } from '../helpers/programs.ts';
import { startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { type Ran, RunnerMachine } from '../helpers/runner-machine.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolPath } from '../helpers/tools.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

const folder = testFolder();
let made = 0;
let images: { first: string; second: string; third: string };
let key: { key: string; certificate: string };
let trusted: string;
let registry: TestRegistry;

beforeAll(async () => {
  await writeVectorImage(join(folder, 'original'), ['simple-gzip', 'dirs-zstd']);
  // Layers that no other image has: those of the first would not be read again.
  await writeVectorImage(join(folder, 'damaged'), ['xattrs-gzip']);
  const leaf = (await pki()).leaf('p256');
  key = { key: leaf.keyPath, certificate: leaf.chainPath };
  trusted = leaf.caPath;
  registry = await startRegistry('referrers-api');
});
afterAll(() => registry.stop());

/** Three images, the second of which is damaged. */
beforeEach(() => {
  const place = join(folder, `images-${made++}`);
  mkdirSync(place);
  for (const name of ['first', 'second', 'third']) {
    const from = name === 'second' ? 'damaged' : 'original';
    cpSync(join(folder, from), join(place, name), { recursive: true });
  }
  const blobs = join(place, 'second/blobs/sha256');
  for (const name of readdirSync(blobs)) {
    const bytes = readFileSync(join(blobs, name));
    // The layers, but not the documents.
    if (bytes[0] !== 0x7b) writeFileSync(join(blobs, name), Buffer.alloc(bytes.length));
  }
  const at = (name: string): string => `oci:${join(place, name)}`;
  images = { first: at('first'), second: at('second'), third: at('third') };
});

interface Entry {
  image: { reference: string; digest?: string };
  artifacts?: { referrer?: { digest: string } }[];
  verdict?: string;
  pushed?: unknown;
  error?: { code: string; message: string; remedy?: string; layer?: string };
}

function entriesIn(path: string | undefined): Entry[] {
  return JSON.parse(readFileSync(path ?? '', 'utf8')) as Entry[];
}

/** Digests of what refers to something in a layout. */
function referrers(image: string): string[] {
  const blobs = join(image.slice('oci:'.length), 'blobs/sha256');
  const names = readdirSync(blobs).filter((name) => readFileSync(join(blobs, name)).includes('"subject"'));
  return names.map((name) => `sha256:${name}`);
}

async function action(
  name: 'sign' | 'verify',
  inputs: Record<string, string>,
  programs: readonly string[] = [],
): Promise<Ran & { summary: string }> {
  const machine = new RunnerMachine(programPath(`${name}-action`));
  try {
    for (const program of programs) machine.program(program, toolPath(program));
    const summary = join(machine.folder, 'summary');
    writeFileSync(summary, '');
    const given = { 'show-summary': 'true', report: join(folder, `report-${made++}.json`), ...inputs };
    const names = Object.entries(given).map(([input, value]) => [`INPUT_${input.toUpperCase()}`, value]);
    const ran = await machine.run({}, { GITHUB_STEP_SUMMARY: summary, ...Object.fromEntries(names) });
    return { ...ran, summary: readFileSync(summary, 'utf8') };
  } finally {
    machine.remove();
  }
}

describe('fault 99: the second image of a run fails', () => {
  test('the Action sign: report, outputs and summary hold the first, with errors for the others', async () => {
    const image = `${images.first}\n${images.second}\n${images.third}`;
    const { status, errors, outputs, summary } = await action('sign', { image, ...key });
    expect(status).toBe(1);
    expect(errors).toEqual([expect.stringMatching(/second.*layer \d .*\. [A-Z]/)]);
    const [first, second, third, ...none] = entriesIn(outputs['report-path']);
    expect(none).toEqual([]);
    expect(first?.error).toBeUndefined();
    expect(first?.artifacts?.[0]?.referrer?.digest).toBe(referrers(images.first)[0]);
    expect([second?.image, second?.error]).toEqual([
      { reference: images.second },
      { code: 'image', message: expect.any(String), remedy: expect.any(String), layer: expect.any(String) },
    ]);
    expect([third?.image, third?.error?.message]).toEqual([
      { reference: images.third },
      `not started, because ${images.second} failed`,
    ]);
    expect(outputs.digest).toBe(first?.image.digest);
    expect(JSON.parse(outputs['root-hashes'] ?? '')).toHaveLength(2);
    const [artifact] = JSON.parse(outputs['artifact-digests'] ?? '') as { digest: string }[];
    expect(artifact?.digest).toBe(referrers(images.first)[0]);
    expect(summary).toContain('### ❌ Signing failed: the image');
    expect(summary).toContain('Not started: <code>oci&#58;');
    expect(summary).toContain('### ✅ Signed layers: ');
    for (const unsigned of [images.second, images.third]) expect(referrers(unsigned)).toEqual([]);
  });

  test('the command sign: the table and the report', async () => {
    const report = join(folder, 'cli.json');
    const args = ['--key', key.key, '--certificate', key.certificate, '--report', report];
    const listed = [images.first, images.second, images.third];
    const { status, stdout, stderr } = await cli(['sign', ...listed, ...args]);
    expect(status).toBe(3);
    const [first, second, third] = entriesIn(report);
    expect(stdout).toContain(first?.artifacts?.[0]?.referrer?.digest);
    expect(second?.error?.code).toBe('image');
    // True of every command: verify and preflight do all their work again.
    expect(third?.error?.remedy).toBe('Run again once that one works, or without it');
    const lines = stderr.trimEnd().split('\n').slice(-2);
    expect(lines).toEqual([
      `verity-sign: ${images.third}: not started`,
      expect.stringMatching(/second.*layer/),
    ]);
  });

  test('the command sign: a report that cannot be written does not call the run complete', async () => {
    const args = ['--key', key.key, '--certificate', key.certificate, '--report', '/dev/full'];
    const env = { TMPDIR: folder };
    const { status, stderr } = await cli(['sign', images.first, images.second, ...args], { env });
    expect(status).toBe(3);
    const lines = stderr.trimEnd().split('\n').slice(-2);
    expect(lines[0]).toMatch(
      /^verity-sign: the report of what was done cannot be written to \/dev\/full \(ENOSPC\); it is in \S+\. [A-Z]/,
    );
    expect(lines[1]).toContain('second');
  });

  test('verify: an image that cannot even be named right', async () => {
    const sign = ['--key', key.key, '--certificate', key.certificate];
    expect((await cli(['sign', images.first, ...sign])).status).toBe(0);
    const report = join(folder, 'verify.json');
    const trust = ['--trusted-certificate', trusted, '--report', report];
    const run = await cli(['verify', images.first, 'registry.example/App:1', ...trust]);
    expect([run.status, run.stdout]).toEqual([2, expect.stringContaining('profile containerd: verified')]);
    const [first, second] = entriesIn(report);
    expect([first?.verdict, second?.error?.code]).toEqual(['verified', 'usage']);

    const image = `${images.first}\nregistry.example/App:1`;
    const given = { image, 'trusted-certificate': trusted, install: 'false' };
    const { status, outputs, summary, errors } = await action('verify', given);
    expect([status, errors]).toEqual([1, [expect.stringContaining('uppercase letters')]]);
    // Never `verified`: one of the images was not checked.
    expect(outputs.verdict).toBe('unchecked');
    expect(entriesIn(outputs['report-path'])).toHaveLength(2);
    expect(summary).toContain('### ❌ Verification failed: invalid input');
    expect(summary).toContain(outputs.digest?.trim().replace(':', '&#58;'));
  });

  test('push-to: what was signed in the layout before the push failed', async () => {
    const proxy = await startFaultyProxy(registry.host, ({ method }) =>
      method === 'GET' || method === 'HEAD' ? undefined : { status: 403, body: '{}' },
    );
    try {
      const push = { 'push-to': `${proxy.host}/gated:1`, 'plain-http': 'true' };
      const report = join(folder, 'push.json');
      const { status, outputs, summary, errors } = await action(
        'sign',
        { image: images.first, ...key, ...push, report },
        ['oras'],
      );
      expect([status, errors]).toEqual([1, [expect.stringContaining('denies push access')]]);
      const [only, ...none] = entriesIn(report);
      expect(none).toEqual([]);
      expect(only?.artifacts?.[0]?.referrer?.digest).toBe(referrers(images.first)[0]);
      expect([only?.error?.code, only?.pushed]).toEqual(['registry', undefined]);
      expect(outputs).toMatchObject({ digest: '', 'artifact-digests': '[]', 'report-path': report });
      expect(summary).toContain(referrers(images.first)[0]?.replace(':', '&#58;'));
    } finally {
      await proxy.stop();
    }
  });

  test('a run that did nothing sets no output, and its report has the error', async () => {
    const report = join(folder, 'nothing.json');
    const { outputs, summary } = await action('sign', { image: images.second, ...key, report });
    expect(outputs).toEqual({});
    expect(entriesIn(report)).toEqual([
      expect.objectContaining({ error: expect.objectContaining({ code: 'image' }) }),
    ]);
    expect(summary).toContain('### ❌ Signing failed: the image');
  });

  test('an error in the inputs is in the summary', async () => {
    const { outputs, summary, errors } = await action('sign', { image: images.first, timeout: 'soon' });
    expect(errors).toHaveLength(1);
    expect(summary).toContain('### ❌ Signing failed: invalid input');
    expect(outputs).toEqual({});
    const verify = await action('verify', { image: images.first, timeout: 'soon' });
    expect(verify.summary).toContain('### ❌ Verification failed: invalid input');
  });
});
