/** The shell script that the benchmark compares with checks the digests, or the comparison would be unfair. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { layerTar } from '../../../scripts/bench/data/layer-tar.ts';
import { pki } from '../../helpers/pki.ts';
import { testFolder } from '../../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../../helpers/tools.ts';

const SCRIPT = join(import.meta.dirname, '../../../scripts/bench/sign-image.sh');
const FORMS = { gzip: gzipSync, zstd: zstdCompressSync, plain: (tar: Buffer) => tar };
type Form = keyof typeof FORMS;
const DIGESTS = ['sha256sum', 'openssl'] as const;
const JOBS = ['1', '2'] as const;

const folder = testFolder();
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const tars = [1, 2, 3].map((seed) => Buffer.concat([...layerTar(60_000, seed)]));

interface Signing {
  form?: Form;
  jobs?: string;
  digests?: string;
  profile?: string;
  /** Changes the second layer's name of its blob, or its diffID. */
  damage?: 'blob' | 'diff-id';
}

interface Signed {
  status: number | null;
  stderr: string;
  out: string;
  /** Names of the blobs, in the order of the layers. */
  blobs: string[];
}

async function sign({
  form = 'gzip',
  jobs = '1',
  digests = 'sha256sum',
  profile = 'containerd',
  damage,
}: Signing): Promise<Signed> {
  const { keyPath, certPath } = (await pki()).leaf('rsa2048');
  const work = mkdtempSync(join(folder, 'image-'));
  const out = join(work, 'out');
  mkdirSync(out);
  const blobs = tars.map((tar, at) => {
    const blob = FORMS[form](tar);
    const name = damage === 'blob' && at === 1 ? sha256(Buffer.from('another')) : sha256(blob);
    writeFileSync(join(work, name), blob);
    return name;
  });
  const lines = blobs.map((blob, at) => {
    // A plain blob's digest is its diffID, and is checked once.
    const ofTar = form === 'plain' ? blob : sha256(tars[at] as Buffer);
    const diffId = damage === 'diff-id' && at === 1 ? sha256(Buffer.from('another')) : ofTar;
    return `${blob} ${diffId} ${form} 00000000-0000-0000-0000-00000000000${at}\n`;
  });
  writeFileSync(join(work, 'layers'), lines.join(''));
  const args = [SCRIPT, jobs, digests, profile, keyPath, certPath, out, join(work, 'layers')];
  const { status, stderr } = spawnSync('bash', args, {
    cwd: work,
    env: toolEnvironment(),
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { status, stderr, out, blobs };
}

describe.each(Object.keys(FORMS) as Form[])('%s layers', (form) => {
  test.each(['containerd', 'containerd-tar-index'])(
    'of %s are signed alike with every check and order, and nothing else is left',
    async (profile) => {
      const found: string[][] = [];
      for (const jobs of JOBS) {
        for (const digests of [...DIGESTS, 'none']) {
          const { status, stderr, out, blobs } = await sign({ form, jobs, digests, profile });
          expect([status, stderr]).toEqual([0, '']);
          const names = blobs.flatMap((blob) => [`${blob}.p7s`, `${blob}.root-hash`]);
          expect(readdirSync(out).sort()).toEqual(names.sort());
          found.push(blobs.map((blob) => readFileSync(join(out, `${blob}.root-hash`), 'utf8')));
        }
      }
      expect(found[0]?.every((hash) => /^[\da-f]{64}$/.test(hash))).toBe(true);
      expect(new Set(found[0]).size).toBe(tars.length);
      expect(new Set(found.map(String)).size).toBe(1);
    },
    60_000,
  );

  const damages = form === 'plain' ? (['diff-id'] as const) : (['blob', 'diff-id'] as const);
  test.each(damages)('with a wrong digest (%s) end it, and the layer is not signed', async (damage) => {
    for (const digests of DIGESTS) {
      for (const jobs of JOBS) {
        const { status, stderr, out, blobs } = await sign({ form, jobs, digests, damage });
        expect(status).toBeGreaterThan(0);
        expect(stderr).toContain('FAILED');
        expect(readdirSync(out).filter((name) => name.startsWith(blobs[1] ?? ''))).toEqual([]);
      }
    }
  });

  test.each(damages)('with a wrong digest (%s) are signed without checks', async (damage) => {
    const { status, out, blobs } = await sign({ form, digests: 'none', damage });
    expect(status).toBe(0);
    expect(readdirSync(out)).toContain(`${blobs[1]}.p7s`);
  });
});

test('a missing blob ends it', async () => {
  const { keyPath, certPath } = (await pki()).leaf('rsa2048');
  const work = mkdtempSync(join(folder, 'missing-'));
  writeFileSync(join(work, 'layers'), `${'0'.repeat(64)} ${'0'.repeat(64)} gzip ${'0'.repeat(32)}\n`);
  const args = [SCRIPT, '1', 'sha256sum', 'containerd', keyPath, certPath, work, join(work, 'layers')];
  const { signal, status } = spawnSync('bash', args, { cwd: work, env: toolEnvironment(), timeout: 20_000 });
  expect([signal, status]).toEqual([null, 1]);
  expect(readdirSync(work)).toEqual(['layers']);
});

test('a signature is one that openssl accepts for the root hash', async () => {
  const { out, blobs } = await sign({});
  const { certPath } = (await pki()).leaf('rsa2048');
  for (const blob of blobs) {
    const [content, signature] = [join(out, `${blob}.root-hash`), join(out, `${blob}.p7s`)];
    const verify = ['smime', '-verify', '-binary', '-inform', 'DER', '-noverify', '-certfile', certPath];
    const args = [...verify, '-in', signature, '-content', content];
    expect(spawnSync(toolPath('openssl'), args, { env: toolEnvironment() }).status).toBe(0);
  }
});

test('shellcheck accepts it', () => {
  const { stdout } = spawnSync(toolPath('shellcheck'), [SCRIPT], {
    env: toolEnvironment(),
    encoding: 'utf8',
  });
  expect(stdout).toBe('');
});
