import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { RegistryImage } from '../helpers/registry-image.ts';
import { testFolder } from '../helpers/temp.ts';

/** What copies of a signed image keep, by the programs that people copy with. See docs/field-cases.md. */
const folder = testFolder();
const registries = new Map<string, TestRegistry>();
let image: RegistryImage;
let copies = 0;

const host = (kind: string): string => registries.get(kind)?.host ?? '';

beforeAll(async () => {
  image = await RegistryImage.write(folder);
  for (const kind of ['referrers-api', 'fallback-tag'] as const) {
    registries.set(kind, await startRegistry(kind));
    const repository = `${host(kind)}/signed:1`;
    await image.oras('cp', '--from-oci-layout', `${image.layout}:vectors`, '--to-plain-http', repository);
    expect(await image.sign(repository, '--manifest-signature', 'cose')).toMatchObject({ status: 0 });
  }
});
afterAll(async () => {
  for (const registry of registries.values()) await registry.stop();
});

/** A repository that does not exist yet, with a tag. */
function target(kind: string): string {
  copies += 1;
  return `${host(kind)}/copy/${copies}:1`;
}

const strict = ['--manifest-signature', 'required'];
const http = ['--from-plain-http', '--to-plain-http'];

describe.each([
  ['referrers-api', 'fallback-tag'],
  ['fallback-tag', 'referrers-api'],
  ['fallback-tag', 'fallback-tag'],
])('from a registry with %s to one with %s', (from, to) => {
  test('oras cp -r keeps the signatures', async () => {
    const copy = target(to);
    await image.oras('cp', '-r', ...http, `${host(from)}/signed:1`, copy);
    expect(await image.verify(copy)).toMatchObject({ status: 0 });
  });

  test('oras backup and restore keep them', async () => {
    const copy = target(to);
    const archive = `backup-${copies}.tar`;
    const withReferrers = ['--include-referrers', '--plain-http'];
    await image.oras('backup', ...withReferrers, '--output', archive, `${host(from)}/signed:1`);
    await image.oras('restore', '--plain-http', '--input', archive, copy);
    expect(await image.verify(copy)).toMatchObject({ status: 0 });
  });

  test('oras cp loses them: not signed, never verified', async () => {
    const copy = target(to);
    await image.oras('cp', ...http, `${host(from)}/signed:1`, copy);
    for (const more of [[], strict]) {
      const { status, stdout, stderr } = await image.verify(copy, ...more);
      expect(status).toBe(10);
      expect(stdout + stderr).toContain('NOT SIGNED');
    }
  });
});
