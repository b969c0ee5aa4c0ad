import { describe, expect, test } from '@jest/globals';
import { parseCommandLine } from '../../../../../src/frontend/cli/parse-args.ts';

const FINGERPRINT = 'ab'.repeat(32);
const KEY = 'awskms:///alias/release';
const parse = (...args: string[]) => parseCommandLine(args, {});

describe('csr', () => {
  test('needs a key and a subject', () => {
    expect(() => parse('csr', '--subject', 'CN=a')).toThrow('option --key is missing');
    expect(() => parse('csr', '--key', KEY)).toThrow('option --subject is missing');
  });

  test('makes a request, or a certificate for some days', () => {
    const base = ['csr', '--key', KEY, '--subject', 'CN=a'];
    const days = (...more: string[]) => {
      const parsed = parse(...base, ...more);
      return parsed.command === 'csr' ? parsed.options.selfSignedDays : 'another command';
    };
    expect(days()).toBeUndefined();
    expect(days('--self-signed')).toBe(30);
    expect(days('--self-signed', '--days', '7')).toBe(7);
    expect(() => days('--days', '7')).toThrow('option --days has no effect without option --self-signed');
    expect(() => days('--self-signed', '--days', '0')).toThrow('option --days');
    expect(() => days('--plugin-config', 'a=b')).toThrow('no effect without a key of a notation plugin');
  });
});

describe('remove', () => {
  const removing = (...more: string[]) => {
    const parsed = parse('remove', 'oci:layout', '--signer', FINGERPRINT, ...more);
    return parsed.command === 'remove' ? parsed.removing : undefined;
  };

  test('lists by default, for all profiles', () => {
    expect(removing()).toMatchObject({ signer: FINGERPRINT, onlyProfiles: [], yes: false, force: false });
  });

  test('takes several profiles, --yes and --force', () => {
    const given = removing('--profile', 'containerd', '--profile', 'containerd-cache', '--yes', '--force');
    const onlyProfiles = ['containerd', 'containerd-cache'];
    expect(given).toMatchObject({ onlyProfiles, yes: true, force: true });
    expect(() => removing('--profile', 'other')).toThrow('option --profile');
  });

  test.each([FINGERPRINT.toUpperCase(), `sha256:${FINGERPRINT}`, 'AB:'.repeat(32).slice(0, -1)])(
    'takes the fingerprint %s',
    (text) => {
      const parsed = parse('remove', 'oci:layout', '--signer', text);
      expect(parsed).toMatchObject({ removing: { signer: FINGERPRINT } });
    },
  );

  test.each([FINGERPRINT.slice(1), `${FINGERPRINT}ab`, 'ab', `g${FINGERPRINT.slice(1)}`])(
    'refuses %s',
    (text) => {
      expect(() => parse('remove', 'oci:layout', '--signer', text)).toThrow(
        'not a whole SHA-256 fingerprint',
      );
    },
  );

  test('needs an image', () => {
    expect(() => parse('remove', '--signer', FINGERPRINT)).toThrow('image');
  });
});
