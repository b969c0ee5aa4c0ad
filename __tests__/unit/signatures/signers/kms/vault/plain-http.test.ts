import { expect, test } from '@jest/globals';
import { plainHttpWarning } from '../../../../../../src/signatures/signers/kms/vault/plain-http.ts';

test.each([
  ['http://vault.example:8200', true],
  ['http://10.0.0.7:8200', true],
  ['http://127.example:8200', true],
  ['http://localhost.example', true],
  ['http://[2001:db8::1]:8200', true],
  ['http://127.0.0.1:8200', false],
  ['http://localhost:8200', false],
  ['http://vault.localhost', false],
  ['http://[::1]:8200', false],
  ['https://vault.example:8200', false],
])('%s: a warning: %s', (address, warned) => {
  const warning = plainHttpWarning(new URL(address), 'VAULT_ADDR');
  expect(warning === undefined).toBe(!warned);
  if (warned) expect(warning).toMatch(/^VAULT_ADDR is http:\/\/.*unencrypted/);
});
