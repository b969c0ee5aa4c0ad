/** A whole rotation of the signing key, in each kind of place. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type RegistryKind, startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { Rotation } from '../helpers/rotation.ts';
import { testFolder } from '../helpers/temp.ts';

const folder = testFolder();
const KINDS: RegistryKind[] = ['referrers-api', 'fallback-tag'];
const registries = new Map<string, TestRegistry>();
let rotation: Rotation;

beforeAll(async () => {
  rotation = await Rotation.create(folder);
  for (const kind of KINDS) registries.set(kind, await startRegistry(kind));
});

afterAll(async () => {
  await rotation.stop();
  for (const registry of registries.values()) await registry.stop();
});

const PLACES: [string, () => Promise<string> | string][] = [
  ...KINDS.map((kind): [string, () => Promise<string>] => [
    `a registry: ${kind}`,
    () => rotation.inRegistry(registries.get(kind)?.host ?? ''),
  ]),
  ['a layout', () => rotation.inLayout().reference],
  ['an archive', () => rotation.inArchive().reference],
];

/** As `openssl x509 -fingerprint` writes it. */
function withColons(fingerprint: string): string {
  return (fingerprint.toUpperCase().match(/../g) ?? []).join(':');
}

/** Two sets of layers, two manifests, and the index. */
function all(...fingerprints: string[]): string[] {
  return fingerprints
    .flatMap((one) => [...Array(2).fill(`layers ${one}`), ...Array(3).fill(`manifest ${one}`)])
    .sort();
}

describe.each(PLACES)('in %s', (_place, place) => {
  test('the new key is trusted, both sign, and the old signatures are taken out', async () => {
    const { old, next } = rotation;
    const image = await place();
    await rotation.sign(image, old);
    // The new certificate is trusted before it signs.
    expect(await rotation.verify(image, old, next)).toBe(0);
    expect(await rotation.verify(image, next)).toBe(12);

    await rotation.sign(image, next);
    expect(await rotation.inspect(image)).toEqual(all(old.fingerprint, next.fingerprint));
    expect(await rotation.verify(image, old)).toBe(0);
    expect(await rotation.verify(image, next)).toBe(0);

    const listed = await rotation.remove(image, old.fingerprint);
    expect(listed.status).toBe(0);
    expect(listed.report.signatures.map(({ fate, lastGood }) => [fate, lastGood])).toEqual(
      Array(5).fill(['kept', false]),
    );
    expect(listed.report.staying.map(({ good }) => good)).toEqual(Array(5).fill(true));
    expect(listed.stdout).toMatch(/nothing was removed. --yes removes 5 signatures$/m);
    expect(await rotation.inspect(image)).toEqual(all(old.fingerprint, next.fingerprint));

    const removed = await rotation.remove(image, withColons(old.fingerprint), ['--yes']);
    expect([removed.status, removed.stderr]).toEqual([0, '']);
    expect(removed.report.signatures.map(({ fate }) => fate)).toEqual(Array(5).fill('deleted'));
    expect(removed.stdout).toMatch(/^5 of 5 signatures removed$/m);
    expect(await rotation.inspect(image)).toEqual(all(next.fingerprint));
    expect(await rotation.verify(image, next)).toBe(0);
    expect(await rotation.verify(image, old)).toBe(12);

    const again = await rotation.remove(image, old.fingerprint, ['--yes']);
    expect([again.status, again.report.signatures]).toEqual([0, []]);
    expect(again.stdout).toContain('no signature of this signer: nothing to remove');
  });

  test('the last good signature is taken out only by force', async () => {
    const { next, old } = rotation;
    const image = await place();
    await rotation.sign(image, next);
    const listed = await rotation.remove(image, next.fingerprint);
    expect(listed.status).toBe(0);
    expect(listed.report.signatures.map(({ lastGood }) => lastGood)).toEqual(Array(5).fill(true));
    expect(listed.stdout).toMatch(/only with --force/);

    const refused = await rotation.remove(image, next.fingerprint, ['--yes']);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(/and 4 more are the last good signatures of .*: nothing was removed/);
    expect(refused.report.error?.code).toBe('usage');
    expect(refused.report.signatures.map(({ fate }) => fate)).toEqual(Array(5).fill('kept'));
    expect(await rotation.verify(image, next)).toBe(0);

    const forced = await rotation.remove(image, next.fingerprint, ['--yes', '--force']);
    expect([forced.status, forced.stderr]).toEqual([0, '']);
    expect(await rotation.inspect(image)).toEqual([]);
    expect(await rotation.verify(image, next)).toBe(10);
    // The place is as good as new.
    await rotation.sign(image, old);
    expect(await rotation.verify(image, old)).toBe(0);
  });
});
