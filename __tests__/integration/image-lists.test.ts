/** Lists of images: what docker buildx wrote, and comments. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Descriptor } from '../../src/model/index.ts';
import type { SignReport } from '../../src/report/report.ts';
import type { VerifyReport } from '../../src/report/verify-report.ts';
import { cli, cliOk } from '../helpers/cli.ts';
import { ImageWriter } from '../helpers/image-writer.ts';
import { pki } from '../helpers/pki.ts';
import { startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { testFolder } from '../helpers/temp.ts';
import { vectors } from '../helpers/vector-image.ts';

const folder = testFolder();
let registry: TestRegistry;
let key: string[];
let trust: string[];
let images: Descriptor[];

beforeAll(async () => {
  registry = await startRegistry('referrers-api');
  const { keyPath, chainPath, caPath } = (await pki()).leaf('p256');
  key = ['--key', keyPath, '--certificate', chainPath, '--plain-http', '--temp-dir', folder];
  trust = ['--trusted-certificate', caPath, '--plain-http', '--temp-dir', folder];
  const writer = await ImageWriter.create();
  images = [];
  for (const name of ['simple-gzip', 'modes-gzip']) {
    const vector = vectors().find((one) => one.name === name);
    if (vector === undefined) throw new Error('no vector');
    const layer = { bytes: readFileSync(vector.path), mediaType: vector.mediaType };
    images.push(await writer.add(await writer.image({ layers: [layer], diffIds: [vector.diffId] }), name));
    await writer.copyTo(name, `${registry.host}/${name}:latest`);
    await writer.copyTo(name, `${registry.host}/mirror/${name}:1.0`);
  }
  await writer.remove();
});
afterAll(() => registry.stop());

/** As docker buildx bake --push --metadata-file writes it. */
function metadata(): Record<string, unknown> {
  const [app, tool] = images as [Descriptor, Descriptor];
  const target = ({ digest, size, mediaType }: Descriptor, ...names: string[]) => ({
    'buildx.build.provenance': { materials: [{ uri: 'pkg:docker/alpine' }] },
    'buildx.build.ref': 'default/default/abc',
    'containerimage.descriptor': { mediaType, digest, size },
    'containerimage.digest': digest,
    'image.name': names.map((name) => `${registry.host}/${name}`).join(','),
  });
  return {
    app: target(app, 'simple-gzip:latest', 'simple-gzip:1.0', 'mirror/simple-gzip:1.0'),
    lint: { 'buildx.build.ref': 'default/default/def' },
    tool: target(tool, 'modes-gzip:latest'),
  };
}

const expected = (): string[] => {
  const [app, tool] = images as [Descriptor, Descriptor];
  return [
    `${registry.host}/simple-gzip@${app.digest}`,
    `${registry.host}/mirror/simple-gzip@${app.digest}`,
    `${registry.host}/modes-gzip@${tool.digest}`,
  ];
};

function read<T extends SignReport | VerifyReport>(path: string): (string | undefined)[] {
  return (JSON.parse(readFileSync(path, 'utf8')) as T[]).map(({ image }) => image.name);
}

describe('the metadata of bake', () => {
  let file: string;
  beforeAll(() => {
    file = join(folder, 'metadata.json');
    writeFileSync(file, JSON.stringify(metadata(), undefined, 2));
  });

  test('sign, verify and inspect process every image of it', async () => {
    const report = join(folder, 'report.json');
    await cliOk(['sign', '--metadata-file', file, '--report', report, ...key]);
    expect(read<SignReport>(report)).toEqual(expected());
    await cliOk(['verify', '--metadata-file', file, '--report', report, ...trust]);
    expect(read<VerifyReport>(report)).toEqual(expected());
    const { stdout } = await cliOk(['inspect', '--metadata-file', file, '--json', '--plain-http']);
    expect(JSON.parse(stdout)).toHaveLength(3);
  });

  test('its text in place of a path', async () => {
    const report = join(folder, 'text.json');
    const text = `\n  ${readFileSync(file, 'utf8')}`;
    await cliOk(['sign', '--metadata-file', text, '--dry-run', '--report', report, ...key]);
    expect(read<SignReport>(report)).toEqual(expected());
  }, 60_000);

  test('in addition to images on the command line; push-to takes one image', async () => {
    const report = join(folder, 'more.json');
    const listed = `${registry.host}/mirror/modes-gzip:1.0`;
    await cliOk(['sign', listed, '--metadata-file', file, '--report', report, ...key]);
    expect(read<SignReport>(report).slice(1)).toEqual(expected());
    const { status, stderr } = await cli([
      'sign',
      '--metadata-file',
      file,
      '--push-to',
      'r.example/a',
      ...key,
    ]);
    expect(status).toBe(2);
    expect(stderr).toContain('--push-to accepts one image, but 3 are given');
  });

  test('no image at all is an error before any work', async () => {
    mkdirSync(join(folder, 'empty'), { recursive: true });
    const empty = join(folder, 'empty/metadata.json');
    writeFileSync(empty, '{"lint":{}}');
    const { status, stdout, stderr } = await cli(['sign', '--metadata-file', empty, ...key]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('option --metadata-file contains no image. Build with --push');
    expect((await cli(['verify', ...trust])).stderr).toContain("missing required argument 'image'");
  });
});
