import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  fetchGuest,
  type GuestFileName,
  type ReleasedGuest,
} from '../../../../../../src/commands/preflight/vm/guest/fetch-guest.ts';
import { findGuestFiles } from '../../../../../../src/commands/preflight/vm/guest/guest-files.ts';
import { testFolder } from '../../../../../helpers/temp.ts';

const folder = testFolder();
const FILES: Readonly<Record<GuestFileName, Buffer>> = {
  'manifest.json': Buffer.from('{}'),
  'vmlinux.zst': Buffer.alloc(300_000, 'kernel'),
  'initramfs.cpio.zst': Buffer.alloc(1000, 'initramfs'),
};

let server: Server;
/** Answers instead of the file's content. */
let answers: Partial<Record<GuestFileName, Buffer | string>>;
let target: string;
let runs = 0;

beforeAll(async () => {
  server = createServer((request, response) => {
    const name = request.url?.split('/').at(-1) as GuestFileName;
    const content = answers[name] ?? FILES[name];
    if (typeof content === 'string') response.writeHead(302, { location: content }).end();
    else if (content === undefined || !request.url?.startsWith('/v1/')) response.writeHead(404).end();
    else response.end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(() => void server.close());

beforeEach(() => {
  answers = {};
  runs += 1;
  target = join(folder, String(runs));
});

function released(place = 'v1/'): ReleasedGuest {
  const { port } = server.address() as AddressInfo;
  const facts = (content: Buffer) => ({
    sha256: createHash('sha256').update(content).digest('hex'),
    size: content.length,
  });
  const files = Object.fromEntries(Object.entries(FILES).map(([name, content]) => [name, facts(content)]));
  return { url: `http://127.0.0.1:${port}/${place}`, files: files as ReleasedGuest['files'] };
}

const fetched = (guest = released(), signal = new AbortController().signal) =>
  fetchGuest(guest, target, signal);

test('the files of a release', async () => {
  await fetched();
  expect(readdirSync(target).sort()).toEqual(Object.keys(FILES).sort());
  for (const [name, content] of Object.entries(FILES)) {
    expect(readFileSync(join(target, name)).equals(content)).toBe(true);
  }
});

test('a release is used where nothing was built, and its manifest is read like any other', async () => {
  const download = { folder: target, signal: new AbortController().signal };
  await expect(
    findGuestFiles({ architecture: 'arm64', programFolder: '/', pinned: { arm64: released() }, download }),
  ).rejects.toMatchObject({
    message: expect.stringContaining(`${join(target, 'manifest.json')} is not a manifest`),
  });
});

describe('what is not kept', () => {
  test('another file of the same size', async () => {
    answers['vmlinux.zst'] = Buffer.alloc(300_000, 'other');
    await expect(fetched()).rejects.toMatchObject({
      code: 'environment',
      message: expect.stringMatching(/vmlinux\.zst is not the file that this version was released with$/),
    });
    expect(readdirSync(target)).not.toContain('vmlinux.zst');
  });

  test('a file that is longer, or shorter', async () => {
    answers['vmlinux.zst'] = Buffer.alloc(300_001, 'kernel');
    await expect(fetched()).rejects.toMatchObject({ code: 'environment' });
    answers = { 'manifest.json': Buffer.from('{') };
    target += '-shorter';
    await expect(fetched()).rejects.toMatchObject({ code: 'environment' });
    expect(readdirSync(target)).toEqual([]);
  });

  test('a file by a redirect that is not HTTPS', async () => {
    answers['manifest.json'] = `${released().url}initramfs.cpio.zst`;
    await expect(fetched()).rejects.toMatchObject({
      code: 'environment',
      message: expect.stringContaining('http://, which is not permitted'),
    });
  });
});

test('a release that is not there', async () => {
  await expect(fetched(released('v2/'))).rejects.toMatchObject({
    code: 'environment',
    message: expect.stringMatching(/\/v2\/manifest\.json answered with status 404$/),
    remedy: expect.stringContaining('guest-dir'),
  });
});

test('a run that is stopped', async () => {
  await expect(fetched(released(), AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
});
