/** The Action downloads oras from a mirror whose URL has credentials. */
import { expect, test } from '@jest/globals';
import { pki } from '../helpers/pki.ts';
import { programPath } from '../helpers/programs.ts';
import { RunnerMachine } from '../helpers/runner-machine.ts';

test('the credentials of a mirror are in no line of the log, nor in a debug line', async () => {
  const machine = new RunnerMachine(programPath('sign-action'));
  try {
    const { keyPath: key, chainPath: certificate } = (await pki()).leaf('p256');
    const mirror = 'http://user:secret-word@127.0.0.1:1/oras.tar.gz?sig=secret-signature';
    const inputs = { image: '127.0.0.1:1/app:1', key, certificate, 'oras-download-url': mirror };
    const { status, stdout } = await machine.run(inputs);
    expect(status).toBe(1);
    expect(stdout).toContain('::debug::Downloading http://***@127.0.0.1:1/');
    expect(stdout).not.toContain('secret-');
  } finally {
    machine.remove();
  }
});
