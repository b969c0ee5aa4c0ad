/** What keeps signatures from being removed, and runs that end midway: the report says what was done. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { attachedIn, DM_VERITY } from '../helpers/attached-signatures.ts';
import { cli, cliOk } from '../helpers/cli.ts';
import { type Fault, type SeenRequest, startFaultyProxy } from '../helpers/faulty-proxy.ts';
import { expectIntact } from '../helpers/intact-layout.ts';
import { type RegistryKind, startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { Rotation, reportIn } from '../helpers/rotation.ts';
import { changesOf, stoppedAt } from '../helpers/stopped/stopped-run.ts';
import { testFolder } from '../helpers/temp.ts';

const folder = testFolder();
const KINDS: RegistryKind[] = ['referrers-api', 'fallback-tag'];
const registries = new Map<string, TestRegistry>();
let rotation: Rotation;
/** A layout that both keys have signed. */
let signed: { reference: string; folder: string };

beforeAll(async () => {
  rotation = await Rotation.create(folder);
  for (const kind of KINDS) registries.set(kind, await startRegistry(kind));
  signed = rotation.inLayout();
  await rotation.sign(signed.reference, rotation.old);
  await rotation.sign(signed.reference, rotation.next);
});

afterAll(async () => {
  await rotation.stop();
  for (const registry of registries.values()) await registry.stop();
});

const fatesIn = (path: string): string[] => reportIn(path).signatures.map(({ fate }) => fate);

/** A copy of the signed layout. */
function signedCopy(): { reference: string; folder: string } {
  const { file } = rotation.inArchive(signed.folder);
  const copy = rotation.unpack(file);
  return { reference: `oci:${copy}:app`, folder: copy };
}

/** The digests of the signature manifests that a layout lists. */
const listedIn = (layout: string): string[] => attachedIn(layout).map(({ digest }) => digest);

describe('what counts as another good signature', () => {
  test('is one that holds: a damaged one of the new key does not', async () => {
    const { reference, folder: layout } = signedCopy();
    const { old } = rotation;
    const { report } = await rotation.remove(reference, rotation.next.fingerprint);
    const sets = report.signatures.filter(({ kind }) => kind === 'layers').map(({ referrer }) => referrer);
    // The signature of the layer that the other image does not have.
    const [set] = attachedIn(layout).filter(
      ({ digest, layers }) => sets.includes(digest) && layers.length === 2,
    );
    const blob = join(layout, 'blobs', set?.layers[1]?.digest.replace(':', '/') ?? '');
    const bytes = readFileSync(blob);
    writeFileSync(blob, bytes.fill(0, bytes.length - 8));
    const refused = await rotation.remove(reference, old.fingerprint, ['--yes']);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(/ is the last good signature of these root hashes of sha256:/);
    expect(refused.report.staying.filter(({ good }) => !good)).toEqual([
      expect.objectContaining({ referrer: set?.digest, reason: expect.any(String) }),
    ]);
    expect(refused.stdout).toContain('NOT VALID: ');
    expect(await rotation.verify(reference, old)).toBe(0);
  });

  test('is one over the same root hashes: one of another profile does not count', async () => {
    const { reference } = signedCopy();
    const { old, next } = rotation;
    await rotation.sign(reference, old, '--profile', 'containerd-tar-index');
    const refused = await rotation.remove(reference, old.fingerprint, ['--yes']);
    expect(refused.status).toBe(2);
    const last = refused.report.signatures.filter(({ lastGood }) => lastGood);
    expect(last.map(({ profile }) => profile)).toEqual(Array(2).fill('containerd-tar-index'));
    // The sets of one profile alone; manifest signatures stay.
    const profile = ['--profile', 'containerd', '--yes'];
    const removed = await rotation.remove(reference, old.fingerprint, profile);
    expect(removed.status).toBe(0);
    expect(removed.report.signatures.map((one) => [one.kind, one.profile, one.fate])).toEqual(
      Array(2).fill(['layers', 'containerd', 'deleted']),
    );
    expect(await rotation.verify(reference, next)).toBe(0);
    const trusted = ['--trusted-certificate', old.caPath, '--profile', 'containerd-tar-index'];
    await cliOk(['verify', reference, ...trusted, '--manifest-signature', 'required']);
  });

  test('--platform leaves other platforms, and a blob that they share, alone', async () => {
    const { reference, folder: layout } = signedCopy();
    const { old } = rotation;
    const more = ['--yes', '--platform', 'linux/amd64'];
    const removed = await rotation.remove(reference, old.fingerprint, more);
    expect(removed.report.signatures.map((one) => [one.kind, one.platform])).toEqual([
      ['layers', 'linux/amd64'],
      ['manifest', 'linux/amd64'],
    ]);
    expect(expectIntact(layout)).toEqual([]);
    const platform = ['--platform', 'linux/arm64', '--manifest-signature', 'required'];
    await cliOk(['verify', reference, '--trusted-certificate', old.caPath, ...platform]);
  });
});

describe('invalid command lines', () => {
  test.each([
    ['a part of a fingerprint', (whole: string) => ['--signer', whole.slice(0, 16)]],
    ['a fingerprint by SHA-1', (whole: string) => ['--signer', whole.slice(0, 40)]],
    ['a subject', () => ['--signer', 'CN=release']],
    ['no signer', () => []],
  ])('%s is refused', async (_what, args) => {
    const { status, stderr } = await cli(['remove', signed.reference, ...args(rotation.old.fingerprint)]);
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^verity-sign: option --signer(?:: .* is not a whole SHA-256 fingerprint| is missing)/,
    );
  });
});

/** An image that both keys have signed, behind a proxy that fails as `decide` says once it is signed. */
async function behindProxy(
  kind: RegistryKind,
  decide: (request: SeenRequest) => Fault | undefined,
  work: (image: string, requests: readonly SeenRequest[]) => Promise<void>,
): Promise<void> {
  const host = registries.get(kind)?.host ?? '';
  const image = await rotation.inRegistry(host);
  await rotation.sign(image, rotation.old);
  await rotation.sign(image, rotation.next);
  const proxy = await startFaultyProxy(host, decide);
  try {
    await work(image.replace(host, proxy.host), proxy.requests);
  } finally {
    await proxy.stop();
  }
}

const isDelete = ({ method }: SeenRequest): boolean => method === 'DELETE';
const refusal = (status: number, code: string): Fault => ({
  status,
  body: JSON.stringify({ errors: [{ code, message: 'The operation is unsupported.' }] }),
});

describe.each(KINDS)('in a registry: %s', (kind) => {
  test('that does not allow deletion, the report says so', async () => {
    const decide = (seen: SeenRequest) => (isDelete(seen) ? refusal(405, 'UNSUPPORTED') : undefined);
    await behindProxy(kind, decide, async (image) => {
      const { status, stderr, report, stdout } = await rotation.remove(image, rotation.old.fingerprint, [
        '--yes',
      ]);
      expect(status).toBe(6);
      expect(stderr).toMatch(
        /the registry does not allow manifests to be deleted: .*@sha256:[0-9a-f]{64} stays/,
      );
      expect(report.error?.code).toBe('registry');
      const [first, ...others] = report.signatures.map(({ fate }) => fate);
      // The list under the tag was written before; the API lists what is there.
      expect(first).toBe(kind === 'fallback-tag' ? 'unlisted' : 'kept');
      expect(others.slice(1)).toEqual(Array(3).fill('kept'));
      expect(stdout).toMatch(/^0 of 5 signatures removed$/m);
      expect(await rotation.verify(image, rotation.next)).toBe(0);
      const inspected = await rotation.inspect(image);
      const left = inspected.filter((line) => line.includes(rotation.old.fingerprint)).length;
      expect(left).toBe(report.signatures.filter(({ fate }) => fate === 'kept').length);
    });
  });

  test('lists are written before manifests are deleted', async () => {
    await behindProxy(
      kind,
      () => undefined,
      async (image, requests) => {
        const { status } = await rotation.remove(image, rotation.old.fingerprint, ['--yes']);
        expect(status).toBe(0);
        const writes = requests
          .filter(({ method }) => ['PUT', 'DELETE'].includes(method))
          .map(({ method }) => method);
        // Two platforms, each with two signatures, and the index with one.
        const tag = kind === 'fallback-tag' ? ['PUT'] : [];
        const two = [...tag, 'DELETE', 'DELETE'];
        expect(writes).toEqual([...two, ...two, ...tag, 'DELETE']);
      },
    );
  });

  test('SIGTERM in a deletion: that one is finished, the others stay, and another run goes on', async () => {
    let stop = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      stop = resolve;
    });
    let pid = 0;
    let deletions = 0;
    const decide = (seen: SeenRequest): Fault | undefined => {
      if (!isDelete(seen)) return undefined;
      deletions += 1;
      if (deletions !== 2) return undefined;
      process.kill(pid, 'SIGTERM');
      setTimeout(stop, 500);
      return { until: held };
    };
    await behindProxy(kind, decide, async (image) => {
      const { args, path } = rotation.removing(image, rotation.old.fingerprint, '--yes');
      const { status, stderr } = await cli(args, {
        onStart: (started) => {
          pid = started;
        },
      });
      expect([status, stderr]).toEqual([130, expect.stringContaining('stopped by SIGTERM')]);
      expect(fatesIn(path)).toEqual(['deleted', 'deleted', 'kept', 'kept', 'kept']);
      expect(reportIn(path).error?.code).toBe('cancelled');
      expect(await rotation.verify(image, rotation.next)).toBe(0);
      const again = await rotation.remove(image, rotation.old.fingerprint, ['--yes']);
      expect([again.status, again.report.signatures.map(({ fate }) => fate)]).toEqual([
        0,
        Array(3).fill('deleted'),
      ]);
    });
  });

  test('a connection that breaks leaves open whether the manifest is deleted', async () => {
    const decide = (seen: SeenRequest): Fault | undefined => (isDelete(seen) ? 'reset' : undefined);
    await behindProxy(kind, decide, async (image) => {
      const { status, report } = await rotation.remove(image, rotation.old.fingerprint, ['--yes']);
      expect(status).toBe(6);
      expect(report.signatures[0]?.fate).toBe(kind === 'fallback-tag' ? 'unlisted' : 'unknown');
      expect(report.signatures.at(-1)?.fate).toBe('kept');
      expect(await rotation.verify(image, rotation.next)).toBe(0);
    });
  });
});

describe('SIGTERM at each change of', () => {
  test('a layout: it is whole, and the report says what is gone', async () => {
    const first = signedCopy();
    const { args } = rotation.removing(first.reference, rotation.old.fingerprint, '--yes');
    const changes = await changesOf(args, first.folder);
    expect(changes.length).toBeGreaterThan(8);
    for (let nth = 1; nth <= changes.length; nth += 9) {
      const { reference, folder: layout } = signedCopy();
      const run = rotation.removing(reference, rotation.old.fingerprint, '--yes');
      const { status, stderr } = await stoppedAt(run.args, layout, nth, 'SIGTERM');
      expect([nth, [0, 130].includes(status ?? -1), stderr]).toEqual([nth, true, stderr]);
      expect(stderr).not.toContain('Internal error');
      expect(expectIntact(layout)).toEqual([]);
      const listed = listedIn(layout);
      for (const { referrer, fate } of reportIn(run.path).signatures) {
        expect([nth, fate, listed.includes(referrer)]).toEqual([nth, fate, fate === 'kept']);
      }
      expect((await rotation.remove(reference, rotation.old.fingerprint, ['--yes'])).status).toBe(0);
      expect(await rotation.inspect(reference)).toHaveLength(5);
    }
  });

  test('the folder of an archive: deleted is what the new archive lacks', async () => {
    const archive = () => rotation.inArchive(signed.folder);
    const first = archive();
    const { args } = rotation.removing(first.reference, rotation.old.fingerprint, '--yes');
    const changes = await changesOf(args, first.folder);
    expect(changes.length).toBeGreaterThan(4);
    for (let nth = 1; nth <= changes.length; nth++) {
      const { reference, folder: beside, file } = archive();
      const run = rotation.removing(reference, rotation.old.fingerprint, '--yes');
      const { status, stderr } = await stoppedAt(run.args, beside, nth, 'SIGTERM');
      expect([nth, [0, 130].includes(status ?? -1), stderr]).toEqual([nth, true, stderr]);
      expect(readdirSync(beside)).toEqual(['image.tar']);
      const listed = listedIn(rotation.unpack(file));
      for (const { referrer, fate } of reportIn(run.path).signatures) {
        expect([nth, fate]).toEqual([nth, listed.includes(referrer) ? 'kept' : 'deleted']);
      }
    }
  });
});

describe('at the same time', () => {
  test('two runs remove the signatures of a layout', async () => {
    const { reference, folder: layout } = signedCopy();
    const runs = [1, 2].map(() => rotation.remove(reference, rotation.old.fingerprint, ['--yes']));
    for (const { status, stderr } of await Promise.all(runs)) expect([status, stderr]).toEqual([0, '']);
    expect(expectIntact(layout)).toEqual([]);
    expect(await rotation.verify(reference, rotation.next)).toBe(0);
    expect(listedIn(layout)).toHaveLength(5);
  });

  test('one run removes the signatures of a key with which another one signs', async () => {
    const { reference, folder: layout } = signedCopy();
    const signing = rotation.sign(reference, rotation.old, '--profile', 'containerd-tar-index');
    const removing = rotation.remove(reference, rotation.old.fingerprint, [
      '--yes',
      '--profile',
      'containerd',
    ]);
    await signing;
    expect((await removing).status).toBe(0);
    expect(expectIntact(layout)).toEqual([]);
    expect(await rotation.verify(reference, rotation.next)).toBe(0);
    const sets = attachedIn(layout).filter(({ artifactType }) => artifactType === DM_VERITY);
    expect(sets).toHaveLength(4);
  });
});
