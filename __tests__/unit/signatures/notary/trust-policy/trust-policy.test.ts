import { describe, expect, test } from '@jest/globals';
import { VeritySignError } from '../../../../../src/errors.ts';
import { applicableStatement } from '../../../../../src/signatures/notary/trust-policy/policy-scope.ts';
import {
  LEVELS,
  parseTrustPolicy,
  type TrustStatement,
} from '../../../../../src/signatures/notary/trust-policy/trust-policy.ts';
import { INVALID_POLICIES, policy, STATEMENT, VALID_POLICIES } from '../../../../helpers/policy-cases.ts';

const parse = (document: unknown): TrustStatement[] =>
  parseTrustPolicy(Buffer.from(JSON.stringify(document)));

function refusal(bytes: Uint8Array): VeritySignError {
  try {
    parseTrustPolicy(bytes);
  } catch (error) {
    if (error instanceof VeritySignError) return error;
    throw error;
  }
  throw new Error('accepted');
}

test.each(VALID_POLICIES)('takes %s', (_what, document) => {
  expect(parse(document).length).toBeGreaterThan(0);
});

test.each(INVALID_POLICIES)('refuses %s', (_what, document, reason) => {
  expect(refusal(Buffer.from(JSON.stringify(document)))).toMatchObject({
    code: 'usage',
    message: expect.stringContaining(reason),
    remedy: expect.any(String),
  });
});

describe('documents that two programs might read differently', () => {
  const text = JSON.stringify(policy(STATEMENT));
  const overriding = (override: string): string =>
    text.replace('"strict"', `"strict","override":{${override}}`);
  test.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['a second document', `${text}{}`],
    ['a name twice', text.replace('"name":"all"', '"name":"all","name":"b"')],
    ['a name in other letters', text.replace('"level"', '"Level"')],
    ['a validation that is twice in other letters', overriding('"expiry":"log","Expiry":"enforce"')],
    ['Override', overriding('"revocation":"skip"').replace('"override"', '"Override"')],
    [
      'Override beside override',
      overriding('').replace('"override"', '"Override":{"expiry":"log"},"override"'),
    ],
    ['VerifyTimestamp', text.replace('"level"', '"VerifyTimestamp":"afterCertExpiry","level"')],
    [
      'a long s in an object of an object',
      text.replace('"level"', '"verifyTime\u017ftamp":"always","level"'),
    ],
    ['a long s', text.replace('"version"', '"ver\u017fion"')],
    ['a byte order mark', `\ufeff${text}`],
  ])('%s', (_what, changed) => {
    expect(refusal(Buffer.from(changed)).code).toBe('usage');
  });

  test('bytes that are no text, and far too many', () => {
    expect(refusal(Buffer.from(text.replace('all', 'a\u00ff'), 'latin1')).message).toContain('JSON');
    const started = Date.now();
    expect(refusal(Buffer.alloc(5 * 1024 * 1024, ' ')).message).toContain('the limit is');
    // Repetition that takes some expressions for ever.
    const slow = parseOrRefuse(`r.example/${'a-'.repeat(400)}!`);
    expect(slow).toContain('not REGISTRY/REPOSITORY');
    expect(Date.now() - started).toBeLessThan(1000);
  });

  const parseOrRefuse = (scope: string): string =>
    refusal(Buffer.from(JSON.stringify(policy({ ...STATEMENT, registryScopes: [scope] })))).message;
});

test('levels and overrides', () => {
  const of = (signatureVerification: object) => parse(policy({ ...STATEMENT, signatureVerification }))[0];
  expect(of({ level: 'strict' })).toMatchObject({ enforcement: LEVELS.strict, verifyTimestamp: 'always' });
  expect(of({ level: 'permissive', override: { expiry: 'enforce', revocation: 'skip' } })).toMatchObject({
    level: 'permissive',
    enforcement: {
      integrity: 'enforce',
      authenticity: 'enforce',
      authenticTimestamp: 'log',
      expiry: 'enforce',
      revocation: 'skip',
    },
  });
  expect(LEVELS.audit).toEqual({
    integrity: 'enforce',
    authenticity: 'log',
    authenticTimestamp: 'log',
    expiry: 'log',
    revocation: 'log',
  });
});

describe('the statement for a repository', () => {
  const statements = parse(
    policy(
      STATEMENT,
      { ...STATEMENT, name: 'exact', registryScopes: ['r.example/a', 'r.example:5000/a'] },
      { ...STATEMENT, name: 'below', registryScopes: ['r.example/a/b'] },
    ),
  );
  test.each([
    ['r.example/a', 'exact'],
    ['r.example:5000/a', 'exact'],
    ['r.example/a/b', 'below'],
    ['r.example/a/c', 'all'],
    ['other.example/a', 'all'],
  ])('%s: %s', (scope, name) => {
    expect(applicableStatement(statements, scope).name).toBe(name);
  });

  test('none, or something that is no repository', () => {
    const named = statements.slice(1);
    expect(() => applicableStatement(named, 'r.example/c')).toThrow('no statement for r.example/c');
    for (const scope of ['*', 'a', 'r.example/A', '', 'r.example/a@sha256:0']) {
      expect(() => applicableStatement(statements, scope)).toThrow('registry scope');
    }
  });
});
