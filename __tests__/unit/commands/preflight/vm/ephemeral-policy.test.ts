import { X509Certificate } from 'node:crypto';
import { expect, test } from '@jest/globals';
import {
  POLICY_NAME,
  SIGNED_LAYERS_POLICY,
  signEphemeralPolicy,
} from '../../../../../src/commands/preflight/vm/ephemeral-policy.ts';
import { parsePolicy } from '../../../../../src/formats/ipe/parse.ts';

const NOW = new Date('2026-11-29T12:00:00Z');

test('the policy is one that a kernel reads, and denies what no rule allows', () => {
  const policy = parsePolicy(Buffer.from(SIGNED_LAYERS_POLICY));
  expect([policy.name, policy.globalDefault]).toEqual([POLICY_NAME, 'DENY']);
  expect(policy.rules.map(({ operation, properties, action }) => [operation, ...properties, action])).toEqual(
    [
      ['EXECUTE', 'boot_verified=TRUE', 'ALLOW'],
      ['EXECUTE', 'dmverity_signature=TRUE', 'ALLOW'],
    ],
  );
});

test('is signed with its content by a certificate of one day, of another key each time', async () => {
  const [first, second] = [
    await signEphemeralPolicy(SIGNED_LAYERS_POLICY, NOW),
    await signEphemeralPolicy(SIGNED_LAYERS_POLICY, NOW),
  ];
  expect(Buffer.from(first.pkcs7).includes(SIGNED_LAYERS_POLICY)).toBe(true);
  const certificate = new X509Certificate(first.certificate);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.publicKey.asymmetricKeyDetails?.modulusLength).toBe(2048);
  expect(certificate.validToDate.getTime() - NOW.getTime()).toBe(24 * 60 * 60 * 1000);
  expect(new X509Certificate(second.certificate).publicKey.equals(certificate.publicKey)).toBe(false);
});
