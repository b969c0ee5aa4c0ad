import { describe, expect, test } from '@jest/globals';
import { VeritySignError } from '../../../../src/errors.ts';
import { checkKeyReference } from '../../../../src/signatures/signers/prepare-signer.ts';
import { type KeyReference, parseKeyReference } from '../../../../src/signatures/signers/reference.ts';

function refusal(work: () => unknown): VeritySignError {
  try {
    work();
  } catch (error) {
    if (error instanceof VeritySignError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

const VERSION = 'projects/my-project/locations/europe-west4/keyRings/release/cryptoKeys/image';

describe('parseKeyReference', () => {
  test.each<[string, KeyReference]>([
    ['release.key', { kind: 'file', path: 'release.key' }],
    ['/run/secrets/key', { kind: 'file', path: '/run/secrets/key' }],
    ['-odd name', { kind: 'file', path: '-odd name' }],
    ['env://SIGNING_KEY', { kind: 'env', name: 'SIGNING_KEY' }],
    ['awskms:///alias/team/release', { kind: 'aws-kms', keyId: 'alias/team/release' }],
    [
      'awskms:///1234abcd-12ab-34cd-56ef-1234567890ab',
      { kind: 'aws-kms', keyId: '1234abcd-12ab-34cd-56ef-1234567890ab' },
    ],
    ['awskms:///mrk-1234abcd12ab34cd', { kind: 'aws-kms', keyId: 'mrk-1234abcd12ab34cd' }],
    [
      'awskms:///arn:aws:kms:us-east-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
      {
        kind: 'aws-kms',
        keyId: 'arn:aws:kms:us-east-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
      },
    ],
    [
      'awskms:///arn:aws-us-gov:kms:us-gov-west-1:111122223333:alias/release',
      { kind: 'aws-kms', keyId: 'arn:aws-us-gov:kms:us-gov-west-1:111122223333:alias/release' },
    ],
    ['awskms://localhost:4566/alias/x', { kind: 'aws-kms', endpoint: 'localhost:4566', keyId: 'alias/x' }],
    ['azurekms://vault/key', { kind: 'azure-key-vault', vault: 'vault', key: 'key' }],
    [
      'azurekms://hsm.managedhsm.azure.net/key-1/0123456789abcdef0123456789abcdef',
      {
        kind: 'azure-key-vault',
        vault: 'hsm.managedhsm.azure.net',
        key: 'key-1',
        version: '0123456789abcdef0123456789abcdef',
      },
    ],
    [
      `gcpkms://${VERSION}/cryptoKeyVersions/3`,
      { kind: 'google-kms', name: `${VERSION}/cryptoKeyVersions/3` },
    ],
    [`gcpkms://${VERSION}/versions/3`, { kind: 'google-kms', name: `${VERSION}/cryptoKeyVersions/3` }],
    ['hashivault://release-key.2', { kind: 'vault', key: 'release-key.2' }],
    [
      'notation-plugin://azure-kv/https://vault.vault.azure.net/keys/k/v?x=1#y',
      { kind: 'notation-plugin', plugin: 'azure-kv', keyId: 'https://vault.vault.azure.net/keys/k/v?x=1#y' },
    ],
    [
      'notation-plugin://com.amazonaws.signer/arn:aws:signer:x',
      { kind: 'notation-plugin', plugin: 'com.amazonaws.signer', keyId: 'arn:aws:signer:x' },
    ],
  ])('%s', (text, reference) => {
    expect(parseKeyReference(text)).toEqual(reference);
    expect(() => checkKeyReference(text)).not.toThrow();
  });

  test.each([
    ['awskms:', 'awskms://alias/release/x/y:z'],
    ['awskms:', 'awskms://'],
    ['awskms:', 'awskms:///alias/a b'],
    ['awskms:', 'awskms://host:port/alias/x'],
    ['awskms:', 'awskms://user:password@host/alias/x'],
    ['azurekms:', 'azurekms://vault'],
    ['azurekms:', 'azurekms://vault/key_1'],
    ['azurekms:', 'azurekms://vault/key/version/more'],
    ['azurekms:', 'azurekms:///key'],
    ['gcpkms:', `gcpkms://${VERSION}`],
    ['gcpkms:', `gcpkms://${VERSION}/cryptoKeyVersions/1/`],
    ['gcpkms:', 'gcpkms://projects/p/secrets/x'],
    ['hashivault:', 'hashivault://transit/key'],
    ['hashivault:', 'hashivault://../sys/seal'],
    ['hashivault:', 'hashivault://'],
    ['notation-plugin:', 'notation-plugin://azure-kv'],
    ['notation-plugin:', 'notation-plugin://azure-kv/'],
    ['notation-plugin:', 'notation-plugin://../evil/key'],
    ['env:', 'env://'],
    ['env:', 'env://A B'],
    ['env:', 'env://1A'],
  ])('%s:// tells its form and does not repeat %s', (scheme, text) => {
    const error = refusal(() => parseKeyReference(text));
    expect(error.code).toBe('usage');
    expect(error.remedy).toContain(`${scheme}//`);
    const rest = text.slice(scheme.length + 2);
    if (rest.length > 8) expect(error.toLine()).not.toContain(rest);
  });

  test.each(['pkcs11:///x', 'file:///tmp/key', 'k8s://ns/secret', 'constructor://x', 'ENV://X'])(
    'refuses the scheme of %s and says what there is',
    (reference) => {
      const error = refusal(() => parseKeyReference(reference));
      expect(error.code).toBe('usage');
      expect(error.message).toContain(`${reference.split('://')[0]}://`);
      expect(error.remedy).toContain('env://NAME');
    },
  );

  test.each(['', '  ', 'a\0b'])('refuses %j', (reference) => {
    expect(refusal(() => parseKeyReference(reference)).code).toBe('usage');
  });

  test('a pasted key is refused and not repeated', () => {
    const pasted = '-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\n-----END PRIVATE KEY-----';
    const error = refusal(() => parseKeyReference(pasted));
    expect(error.code).toBe('usage');
    expect(error.toLine()).not.toContain('MIGH');
  });

  test('no pattern takes long for a long text', () => {
    const started = performance.now();
    for (const scheme of ['awskms', 'azurekms', 'gcpkms', 'hashivault', 'notation-plugin']) {
      for (const filling of ['a', 'a.', 'a-', '/', 'a/']) {
        refusal(() => parseKeyReference(`${scheme}://${filling.repeat(50_000)}\0`));
      }
    }
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

test('checkKeyReference looks at the passphrase reference too', () => {
  expect(refusal(() => checkKeyReference('a.key', 'vault://secret')).message).toContain('key-passphrase');
  expect(refusal(() => checkKeyReference('a.key', 'env://A B')).message).toContain('key-passphrase');
  expect(() => checkKeyReference('a.key', 'env://PASSPHRASE')).not.toThrow();
});
