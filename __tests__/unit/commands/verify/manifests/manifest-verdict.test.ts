import { describe, expect, test } from '@jest/globals';
import type { NotarySignature } from '../../../../../src/commands/verify/manifests/evaluate-signature.ts';
import {
  combinedOutcome,
  type ManifestDemands,
  manifestOutcome,
} from '../../../../../src/commands/verify/manifests/manifest-verdict.ts';

function signature(verdict: NotarySignature['verdict'], step: NotarySignature['step']): NotarySignature {
  const none = { format: undefined, envelope: undefined, signer: undefined, authenticTime: undefined };
  const reason = verdict === 'verified' ? undefined : `it is ${verdict}`;
  return { referrer: `sha256:${verdict}`, verdict, reason, step, notes: [], ...none };
}

const good = signature('verified', 'revocation');
const broken = signature('invalid', 'integrity');
const untrusted = signature('not-trusted', 'authenticity');
const unreachable = signature('unchecked', 'read');
const ok = { verdict: 'verified', reason: undefined } as const;
const unsigned = { verdict: 'not-signed', reason: 'no layers are signed' } as const;

describe('the signatures of a manifest', () => {
  test.each<[string, NotarySignature[], string]>([
    ['none', [], 'not-signed'],
    ['a good one among others', [broken, untrusted, good, unreachable], 'verified'],
    ['the one that came furthest', [broken, untrusted], 'not-trusted'],
    ['one that might have been good', [untrusted, unreachable], 'unchecked'],
  ])('%s', (_what, signatures, verdict) => {
    expect(manifestOutcome(signatures, undefined).verdict).toBe(verdict);
  });

  test('the signature of the index holds for it', () => {
    const index = manifestOutcome([good], undefined);
    expect(manifestOutcome([], index)).toMatchObject({ verdict: 'verified', byIndex: true, good });
    expect(manifestOutcome([broken], index)).toMatchObject({ verdict: 'verified', byIndex: true });
    expect(manifestOutcome([broken], manifestOutcome([untrusted], undefined)).verdict).toBe('invalid');
  });
});

describe('together with the layers', () => {
  type Case = [
    layers: typeof ok | typeof unsigned | undefined,
    signatures: NotarySignature[] | 'not looked at',
    demands: Partial<ManifestDemands>,
    verdict: string,
  ];
  test.each<Case>([
    // Layers decide, as long as nobody demands more.
    [ok, [], {}, 'verified'],
    [ok, [broken], {}, 'verified'],
    [ok, [untrusted], {}, 'verified'],
    [unsigned, [good], {}, 'not-signed'],
    [ok, 'not looked at', {}, 'verified'],
    // Required, by a policy, or strictly.
    [ok, [], { manifestSignature: 'required' }, 'not-signed'],
    [ok, [untrusted], { manifestSignature: 'required' }, 'not-trusted'],
    [ok, [good], { manifestSignature: 'required' }, 'verified'],
    [ok, [], { byPolicy: true }, 'verified'],
    [ok, [untrusted], { byPolicy: true }, 'not-trusted'],
    [ok, [untrusted, good], { byPolicy: true }, 'verified'],
    [ok, [untrusted, good], { strict: true }, 'not-trusted'],
    // Without layers there must be something.
    [undefined, [], {}, 'not-signed'],
    [undefined, [untrusted], {}, 'not-trusted'],
    [undefined, [good], {}, 'verified'],
    [undefined, 'not looked at', {}, 'not-signed'],
  ])('%j, %j, %j: %s', (layers, given, demands, verdict) => {
    const signatures = given === 'not looked at' ? [] : given;
    const manifest = given === 'not looked at' ? undefined : manifestOutcome(signatures, undefined);
    const all = { manifestSignature: 'auto', byPolicy: false, strict: false, ...demands } as const;
    const judged = combinedOutcome(layers, manifest, signatures, all, 'a Windows image');
    expect(judged.verdict).toBe(verdict);
    expect(judged.reason === undefined).toBe(verdict === 'verified');
  });
});
