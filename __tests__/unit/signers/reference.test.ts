import { describe, expect, test } from '@jest/globals';
import { VeritySignError } from '../../../src/errors.ts';
import { checkKeyReference } from '../../../src/signers/create.ts';

function refusal(work: () => unknown): VeritySignError {
  try {
    work();
  } catch (error) {
    if (error instanceof VeritySignError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

describe('checkKeyReference', () => {
  test.each(['release.key', '/run/secrets/key', 'env://SIGNING_KEY', '-odd name'])(
    'accepts %s',
    (reference) => {
      expect(() => checkKeyReference(reference)).not.toThrow();
    },
  );

  test.each(['awskms:///alias/release', 'hashivault://key', 'notation-plugin://x/y', 'file:///tmp/key'])(
    'refuses the scheme of %s and says what there is',
    (reference) => {
      const error = refusal(() => checkKeyReference(reference));
      expect(error.code).toBe('usage');
      expect(error.message).toContain(`${reference.split('://')[0]}://`);
      expect(error.remedy).toContain('env://NAME');
    },
  );

  test.each(['', '  ', 'env://', 'env://A B', 'env://1A', 'a\0b'])('refuses %j', (reference) => {
    expect(refusal(() => checkKeyReference(reference)).code).toBe('usage');
  });

  test('a pasted key is refused and not repeated', () => {
    const pasted = '-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\n-----END PRIVATE KEY-----';
    const error = refusal(() => checkKeyReference(pasted));
    expect(error.code).toBe('usage');
    expect(error.toLine()).not.toContain('MIGH');
  });

  test('the passphrase reference is checked too', () => {
    expect(refusal(() => checkKeyReference('a.key', 'vault://secret')).message).toContain('key-passphrase');
    expect(() => checkKeyReference('a.key', 'env://PASSPHRASE')).not.toThrow();
  });
});
