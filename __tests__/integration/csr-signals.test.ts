/** A signal ends `csr` while it opens a key file that takes long, and nothing is written. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from '@jest/globals';
import { EXIT_STATUS } from '../../src/errors.ts';
import { cli } from '../helpers/cli.ts';
import { openssl, pki } from '../helpers/pki.ts';
import { testFolder } from '../helpers/temp.ts';

const folder = testFolder();
const path = (name: string): string => join(folder, name);

beforeAll(async () => {
  const { keyPath, certPath } = (await pki()).leaf('p256');
  writeFileSync(path('passphrase'), 'Staple');
  const rounds = ['-iter', '999999', '-macalg', 'sha512'];
  const files = ['-inkey', keyPath, '-in', certPath, '-out', path('key.p12')];
  await openssl(['pkcs12', '-export', ...files, ...rounds, '-passout', `file:${path('passphrase')}`], folder);
  execFileSync('mkfifo', [path('pipe')]);
});

/** Waits until the process has its own handlers: Node itself has none for SIGHUP. */
async function handlesSignals(pid: number): Promise<void> {
  const caught = (): number =>
    Number.parseInt(
      /^SigCgt:\t[0-9a-f]*([0-9a-f])$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0',
      16,
    );
  while ((caught() & 1) === 0) await sleep(10);
  await sleep(300);
}

test.each([
  [
    'a PKCS#12 file with a million rounds',
    ['--key', path('key.p12'), '--key-passphrase', path('passphrase')],
  ],
  ['a pipe for the key', ['--key', path('pipe')]],
  ['a pipe for the passphrase', ['--key', path('key.p12'), '--key-passphrase', path('pipe')]],
])('%s', async (_, key) => {
  const out = path('out.csr');
  let signalled: Promise<unknown> = Promise.resolve();
  const { status, stderr } = await cli(['csr', ...key, '--subject', 'CN=test', '--out', out], {
    onStart: (pid) => {
      signalled = handlesSignals(pid).then(() => process.kill(pid, 'SIGTERM'));
    },
  });
  await signalled;
  expect(stderr).toContain('stopped by SIGTERM');
  expect(status).toBe(EXIT_STATUS.cancelled);
  expect(existsSync(out)).toBe(false);
});
