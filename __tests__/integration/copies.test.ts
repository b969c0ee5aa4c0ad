/** What copies of a signed image keep, by the tools at hand: docs/how-it-works.md has the table. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { run } from '../../src/lib/process/run.ts';
import { cli, cliOk } from '../helpers/cli.ts';
import { pki } from '../helpers/pki.ts';
import { type RegistryKind, startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

const KINDS: readonly RegistryKind[] = ['referrers-api', 'fallback-tag'];
const PAGE = readFileSync(join(import.meta.dirname, '../../docs/how-it-works.md'), 'utf8');
const folder = testFolder();
const registries = new Map<RegistryKind, TestRegistry>();
let trust: string[];
let key: string[];

beforeAll(async () => {
  const layout = join(folder, 'layout');
  await writeVectorImage(layout, ['simple-gzip']);
  const { keyPath, chainPath, caPath } = (await pki()).leaf('p256');
  trust = ['--trusted-certificate', caPath, '--plain-http', '--temp-dir', folder];
  for (const kind of KINDS) registries.set(kind, await startRegistry(kind));
  const tags = [...registries.values()].flatMap(({ host }) => ['--push-to', `${host}/from:v1`]);
  key = ['--key', keyPath, '--certificate', chainPath, '--plain-http', '--temp-dir', folder];
  await cliOk(['sign', `oci:${layout}`, ...tags, ...key]);
});
afterAll(() => Promise.all([...registries.values()].map((registry) => registry.stop())));

const hostOf = (kind: RegistryKind): string => registries.get(kind)?.host ?? '';

async function tool(name: string, ...args: string[]): Promise<void> {
  await run([toolPath(name), ...args], { env: toolEnvironment({ HOME: folder }) });
}

type Copy = (from: string, to: string) => Promise<void>;

const oras =
  (...more: string[]): Copy =>
  (from, to) =>
    tool('oras', 'cp', ...more, '--from-plain-http', '--to-plain-http', from, to);

const backup: Copy = async (from, to) => {
  const place = join(folder, `backup-${to.replaceAll(/\W/g, '-')}`);
  await tool('oras', 'backup', '--plain-http', '--include-referrers', '--output', place, from);
  await tool('oras', 'restore', '--plain-http', '--input', place, to);
};

const skopeo: Copy = (from, to) =>
  tool(
    'skopeo',
    ...['--insecure-policy', 'copy', '--all', '--src-tls-verify=false', '--dest-tls-verify=false'],
    ...[`docker://${from}`, `docker://${to}`],
  );

const regctl =
  (...more: string[]): Copy =>
  (from, to) => {
    const hosts = [from, to].flatMap((name) => ['--host', `reg=${name.split('/')[0]},tls=disabled`]);
    return tool('regctl', ...hosts, 'image', 'copy', ...more, from, to);
  };

const crane: Copy = (from, to) => tool('crane', 'copy', '--insecure', from, to);

/** Takes repositories, and copies all tags. */
const craneAll: Copy = (from, to) => {
  const [source = '', target = ''] = [from, to].map((name) => name.slice(0, name.lastIndexOf(':')));
  return tool('crane', 'copy', '--insecure', '-a', source, target);
};

/** Whether a copy keeps the signatures; `tags`: only those that the source lists under a fallback tag. */
type Outcome = 'kept' | 'lost' | 'tags';

const WAYS: [name: string, copy: Copy, outcome: Outcome][] = [
  ['oras cp -r', oras('-r'), 'kept'],
  ['oras backup --include-referrers', backup, 'kept'],
  ['regctl image copy --referrers', regctl('--referrers'), 'kept'],
  ['regctl image copy --digest-tags', regctl('--digest-tags'), 'tags'],
  ['crane copy -a REPO', craneAll, 'tags'],
  ['oras cp', oras(), 'lost'],
  ['regctl image copy', regctl(), 'lost'],
  ['crane copy', crane, 'lost'],
  ['skopeo copy --all', skopeo, 'lost'],
];

/** How the table says it. */
const WORDS: Readonly<Record<Outcome, RegExp>> = {
  kept: /^kept$/,
  tags: /^kept only if the source lists them by fallback tag/,
  lost: /^lost\b/,
};

describe.each(WAYS)('%s', (name, copy, outcome) => {
  const pairs = KINDS.flatMap((from) =>
    KINDS.map((to) => {
      const kept = outcome === 'kept' || (outcome === 'tags' && from === 'fallback-tag');
      return { from, to, end: kept ? 'kept' : 'lost' } as const;
    }),
  );
  test.each(pairs)('from $from to $to: $end', async ({ from, to, end }) => {
    const target = `${hostOf(to)}/to/${name.toLowerCase().replaceAll(/\W+/g, '-')}/${from}:v1`;
    await copy(`${hostOf(from)}/from:v1`, target);
    const { status, stdout } = await cli(['verify', target, ...trust]);
    const verdict = end === 'kept' ? /^layers verified; configuration not covered \(/m : /^NOT SIGNED \(/m;
    expect([status, stdout]).toEqual([end === 'kept' ? 0 : 10, expect.stringMatching(verdict)]);
  });
});

// regctl keeps the list of referrers in a layout under the fallback tag, and lists the signatures nowhere else.
describe.each(KINDS)('regctl image copy --referrers from %s into a layout', (kind) => {
  const copied = (): string => join(folder, `regctl-${kind}`);
  const verdictOf = async (image: string): Promise<unknown[]> => {
    const { status, stdout } = await cli(['verify', image, ...trust]);
    return [status, /^(layers verified|NOT SIGNED)/m.exec(stdout)?.[1]];
  };

  beforeAll(() => regctl('--referrers')(`${hostOf(kind)}/from:v1`, `ocidir://${copied()}:v1`));

  test('keeps the signatures, and the list is no second image', async () => {
    expect(await verdictOf(`oci:${copied()}`)).toEqual([0, 'layers verified']);
    expect(await verdictOf(`oci:${copied()}:v1`)).toEqual([0, 'layers verified']);
  });

  test.each(KINDS)('sign finds them there, and pushes them to %s', async (to) => {
    const target = `${hostOf(to)}/back/${kind}:v1`;
    const argv = ['sign', `oci:${copied()}:v1`, '--push-to', target, ...key, '--output', 'json'];
    const [report] = JSON.parse((await cliOk(argv)).stdout);
    expect(report.artifacts.map((one: { referrer: { reused: boolean } }) => one.referrer.reused)).toEqual([
      true,
    ]);
    expect(await verdictOf(target)).toEqual([0, 'layers verified']);
  });

  test('remove takes them out of the list', async () => {
    const signer = ['--signer', new X509Certificate(readFileSync(key[3] ?? '')).fingerprint256];
    await cliOk(['remove', `oci:${copied()}:v1`, ...signer, '--yes', '--force']);
    expect(await verdictOf(`oci:${copied()}:v1`)).toEqual([10, 'NOT SIGNED']);
  });
});

describe('the table in docs/how-it-works.md', () => {
  const rows = PAGE.split('## Copies')[1]
    ?.split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim())) as string[][];
  const outcomeOf = (name: string): string[] =>
    rows.filter(([, commands = '']) => commands.includes(`\`${name}\``)).map(([, , said = '']) => said);

  test.each(WAYS)('%s: one row, with what was found here', (name, _copy, outcome) => {
    expect(outcomeOf(name)).toEqual([expect.stringMatching(WORDS[outcome])]);
  });

  test.each(['oras', 'regctl', 'crane'])('names the %s that was tried', async (name) => {
    const env = toolEnvironment({ HOME: folder });
    const { stdout } = await run([toolPath(name), 'version'], { env });
    const [version = 'no version'] = /\d+\.\d+\.\d+/.exec(stdout.toString()) ?? [];
    expect(PAGE.replaceAll(/\s+/g, ' ')).toContain(`${name} ${version}`);
  });
});
