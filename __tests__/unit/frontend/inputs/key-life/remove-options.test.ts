import { describe, expect, test } from '@jest/globals';
import { parseCommandLine } from '../../../../helpers/command-line.ts';

const FINGERPRINT = 'ab'.repeat(32);
const parse = (...args: string[]) => parseCommandLine(args, {});

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
