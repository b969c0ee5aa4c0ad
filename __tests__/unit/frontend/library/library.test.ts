import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { FailedRunError } from '../../../../src/frontend/library/failed-run.ts';
import { inspect, rootHash, sign, verify } from '../../../../src/frontend/library/library.ts';
import { pki } from '../../../helpers/pki.ts';
import { testFolder } from '../../../helpers/temp.ts';
import { vectors, writeVectorImage } from '../../../helpers/vector-image.ts';

const folder = testFolder();
const NAMES = ['simple-gzip', 'dirs-zstd'];
const HASHES = NAMES.map(
  (name) => vectors().find((vector) => vector.name === name)?.profiles.containerd.rootHash,
);
let image: string;
let tempDir: string;
let count = 0;

beforeAll(() => writeVectorImage(join(folder, 'original'), NAMES));
beforeEach(async () => {
  count += 1;
  const layout = join(folder, `layout-${count}`);
  cpSync(join(folder, 'original'), layout, { recursive: true });
  image = `oci:${layout}:vectors`;
  tempDir = join(folder, `temp-${count}`);
  await mkdir(tempDir);
});

async function signer(): Promise<{ key: string; certificate: string; root: string }> {
  const { keyPath, chainPath, caPath } = (await pki()).leaf('p256');
  return { key: keyPath, certificate: chainPath, root: caPath };
}

describe('a key in memory', () => {
  test('is named by env://NAME, and the environment stays as it is', async () => {
    const { key, certificate, root } = await signer();
    const name = 'VERITY_SIGN_LIBRARY_TEST';
    process.env[name] = 'no key';
    const before = JSON.stringify(process.env);
    try {
      const created = new Date('2026-01-31T12:00:00Z');
      const secrets = { [name]: readFileSync(key, 'utf8') };
      const [report] = await sign(
        { image, key: `env://${name}`, certificate, tempDir },
        { secrets, created },
      );
      expect(report?.artifacts[0]?.layers.map((layer) => layer.rootHash)).toEqual(HASHES);
      expect(JSON.stringify(process.env)).toBe(before);
    } finally {
      delete process.env[name];
    }
    const [found] = await inspect({ image });
    expect(found?.platforms[0]?.signatures[0]?.created).toBe('2026-01-31T12:00:00Z');
    const [verdict] = await verify({ image, trustedCertificate: readFileSync(root, 'utf8'), tempDir });
    expect(verdict?.verdict).toBe('verified');
    expect(readdirSync(tempDir)).toEqual([]);
  });

  test('is never a value of key, and no message repeats it', async () => {
    const { key, certificate } = await signer();
    const pem = readFileSync(key, 'utf8');
    const failure = await sign({ image, key: pem, certificate }).catch((error: Error) => error);
    expect(failure).toMatchObject({
      code: 'usage',
      message: expect.stringMatching(/^option key is PEM text/),
    });
    expect(String(failure)).not.toContain(pem.split('\n')[1]);
  });
});

describe('images and sources', () => {
  test('have to be given', async () => {
    await expect(sign({ dryRun: true })).rejects.toMatchObject({
      code: 'usage',
      message: 'option image is missing',
    });
    await expect(rootHash({ source: [] })).rejects.toThrow('option source is missing');
    await expect(verify({ image })).rejects.toThrow(
      'neither option trustedCertificate nor option trustStore nor option trustPolicy is given',
    );
  });

  test('of rootHash are images and files', async () => {
    const blob = vectors().find(({ name }) => name === NAMES[1])?.path ?? '';
    const entries = await rootHash({ source: [image, blob], tempDir });
    expect(entries.map((entry) => entry.rootHash)).toEqual([...HASHES, HASHES[1]]);
  });
});

describe('a run that fails at its second image', () => {
  test('has reports of all images, and the error of the one that failed', async () => {
    const { key, certificate } = await signer();
    const missing = `oci:${join(folder, 'missing')}`;
    const run = sign({ image: [image, missing, image], key, certificate, tempDir });
    const error: unknown = await run.catch((failure: unknown) => failure);
    if (!(error instanceof FailedRunError)) throw error;
    const { code, exitStatus, cause, context } = error;
    expect({ code, exitStatus, cause, context }).toEqual({
      code: 'usage',
      exitStatus: 2,
      cause: expect.objectContaining({ message: error.message, name: 'VeritySignError' }),
      context: { image: missing },
    });
    expect(error.reports).toEqual([
      expect.objectContaining({ artifacts: [expect.objectContaining({ profile: 'containerd' })] }),
      expect.objectContaining({
        image: { reference: missing },
        error: expect.objectContaining({ code: 'usage', message: error.message }),
      }),
      expect.objectContaining({ error: expect.objectContaining({ code: 'cancelled' }) }),
    ]);
    expect(error.toLine()).toContain(missing);
    const [found] = await inspect({ image });
    expect(found?.platforms[0]?.signatures).toHaveLength(1);
  });
});

test('an abort during the run ends it as cancelled, and leaves nothing', async () => {
  const { key, certificate } = await signer();
  const controller = new AbortController();
  // The first line that names a root hash is written while other layers are still to come.
  const logger = {
    info: (line: string) => {
      if (line.includes('root hash')) controller.abort(new Error('no longer wanted'));
    },
  };
  const { signal } = controller;
  const run = sign({ image, key, certificate, tempDir, concurrency: 1 }, { logger, signal });
  await expect(run).rejects.toMatchObject({ code: 'cancelled', message: 'stopped by the caller' });
  expect(readdirSync(tempDir)).toEqual([]);
  const [found] = await inspect({ image });
  expect(found?.platforms[0]?.signatures).toEqual([]);
});

test('what is recorded does not depend on where it runs', async () => {
  const { key, certificate } = await signer();
  const env = {
    GITHUB_ACTIONS: 'true',
    GITHUB_SERVER_URL: 'https://github.example',
    GITHUB_REPOSITORY: 'o/r',
    SOURCE_DATE_EPOCH: 'not a number',
  };
  const before = { ...process.env };
  Object.assign(process.env, env);
  try {
    const [report] = await sign({ image, key, certificate, tempDir, annotations: { mine: 'a=b' } });
    const digest = report?.artifacts[0]?.referrer?.digest.slice('sha256:'.length) ?? '';
    const layout = image.slice('oci:'.length, -':vectors'.length);
    const manifest = readFileSync(join(layout, 'blobs/sha256', digest), 'utf8');
    expect(manifest).toContain('"mine":"a=b"');
    expect(manifest).not.toContain('github.example');
  } finally {
    for (const name of Object.keys(env)) delete process.env[name];
    Object.assign(process.env, before);
  }
});
