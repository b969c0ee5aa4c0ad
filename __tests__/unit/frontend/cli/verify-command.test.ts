import { describe, expect, test } from '@jest/globals';
import { parseCommandLine } from '../../../helpers/command-line.ts';

describe('the command line', () => {
  test('of verify', () => {
    const line =
      'verify a:1 b:2 --trusted-certificate r.pem,s.pem --trust-store one --signer-identity CN=a,O=b --signer-identity CN=c --recompute=false --allow-expired --strict --at 2026-01-31T12:00:00+02:00 --report r.json --profile containerd-cache';
    expect(parseCommandLine(line.split(' '), {})).toMatchObject({
      command: 'verify',
      images: ['a:1', 'b:2'],
      output: { report: 'r.json' },
      verifying: {
        trustedCertificates: ['r.pem', 's.pem'],
        trustStores: ['one'],
        signerIdentities: ['CN=a,O=b', 'CN=c'],
        recompute: false,
        allowExpired: true,
        strict: true,
        at: new Date('2026-01-31T10:00:00Z'),
        profiles: ['containerd-cache'],
      },
    });
    const { verifying } = parseCommandLine(['verify', 'a', '--trust-store', 's'], {}) as {
      verifying: Record<string, unknown>;
    };
    expect(verifying).toMatchObject({
      recompute: true,
      allowExpired: false,
      strict: false,
      signerIdentities: [],
    });
    expect(verifying).not.toHaveProperty('at');
    expect(verifying).not.toHaveProperty('trustPolicy');
    const words =
      'verify a --trust-policy p.json --trust-policy-scope local/a --layers auto --manifest-signature required';
    expect(parseCommandLine(words.split(' '), {})).toMatchObject({
      verifying: {
        trustPolicy: 'p.json',
        trustPolicyScope: 'local/a',
        trustedCertificates: [],
        trustStores: [],
        layers: 'auto',
        manifestSignature: 'required',
      },
    });
  });

  test('of inspect, which needs nobody to trust', () => {
    expect(parseCommandLine(['inspect', 'a', '--json', '--platform', 'linux/arm64'], {})).toMatchObject({
      command: 'inspect',
      output: { json: true },
      images: ['a'],
      options: { platforms: ['linux/arm64'] },
    });
  });

  test.each<[string, RegExp]>([
    ['verify', /missing required argument/],
    [
      'verify x',
      /neither option --trusted-certificate nor option --trust-store nor option --trust-policy is given/,
    ],
    ['verify x --trust-store s --recompute=maybe', /option --recompute: "maybe" is not true or false/],
    ['verify x --trust-store s --at yesterday', /option --at: "yesterday" is not a time/],
    ['verify x --trust-store s --key k', /unknown option '--key'/],
    ['inspect x --trust-store s', /unknown option '--trust-store'/],
  ])('verity-sign %s: a usage error', (line, message) => {
    expect(() => parseCommandLine(line.split(' '), {})).toThrow(message);
  });
});
