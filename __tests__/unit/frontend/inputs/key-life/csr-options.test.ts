import { describe, expect, test } from '@jest/globals';
import { parseCommandLine } from '../../../../helpers/command-line.ts';

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
