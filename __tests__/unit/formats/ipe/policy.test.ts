import { expect, test } from '@jest/globals';
import { parsePolicy } from '../../../../src/formats/ipe/parse.ts';
import { decide, layerFacts } from '../../../../src/formats/ipe/policy.ts';
import { unreachableRules } from '../../../../src/formats/ipe/unreachable.ts';

const [A, B] = ['a'.repeat(64), 'b'.repeat(64)];

const policy = (...lines: string[]) =>
  parsePolicy(
    Buffer.from(['policy_name=app policy_version=1.2.3', 'DEFAULT action=DENY', ...lines].join('\n')),
  );

test('the first rule of the operation that matches decides, else the default', () => {
  const { action, rule } = decide(
    policy(
      'op=KMODULE action=ALLOW',
      `op=EXECUTE dmverity_roothash=sha256:${A} dmverity_signature=TRUE action=DENY`,
      `op=EXECUTE dmverity_roothash=sha256:${A} action=ALLOW`,
      `op=EXECUTE dmverity_roothash=sha256:${A} action=DENY`,
    ),
    'EXECUTE',
    layerFacts(A, false),
  );
  expect([action, rule?.line]).toEqual(['ALLOW', 5]);
  const other = decide(policy('DEFAULT op=EXECUTE action=ALLOW'), 'EXECUTE', layerFacts(B, true));
  expect(other).toEqual({ action: 'ALLOW', rule: undefined });
  expect(decide(policy(), 'EXECUTE', layerFacts(B, true)).action).toBe('DENY');
});

test.each([
  ['dmverity_signature=TRUE', ['DENY', 'ALLOW']],
  ['dmverity_signature=FALSE', ['ALLOW', 'DENY']],
  ['boot_verified=FALSE', ['ALLOW', 'ALLOW']],
  ['boot_verified=TRUE', ['DENY', 'DENY']],
  ['fsverity_signature=FALSE', ['ALLOW', 'ALLOW']],
  [`fsverity_digest=sha256:${A}`, ['DENY', 'DENY']],
  [`dmverity_roothash=sha256:${B}`, ['DENY', 'DENY']],
  [`dmverity_roothash=sha512:${A}${A}`, ['DENY', 'DENY']],
])('a layer without and with a signature, allowed by %s: %j', (property, expected) => {
  const found = [false, true].map(
    (signed) =>
      decide(policy(`op=EXECUTE ${property} action=ALLOW`), 'EXECUTE', layerFacts(A, signed)).action,
  );
  expect(found).toEqual(expected);
});

test.each([
  [
    ['op=EXECUTE boot_verified=TRUE action=ALLOW', 'op=EXECUTE boot_verified=TRUE action=ALLOW'],
    'repeats line 3',
  ],
  [
    ['op=EXECUTE boot_verified=TRUE action=ALLOW', 'op=EXECUTE boot_verified=TRUE action=DENY'],
    'is never reached: line 3 matches first',
  ],
  [
    ['op=EXECUTE action=ALLOW', `op=EXECUTE dmverity_roothash=sha256:${A} action=DENY`],
    'is never reached: line 3 matches first',
  ],
  [
    [
      'op=EXECUTE dmverity_signature=TRUE action=ALLOW',
      'op=EXECUTE boot_verified=TRUE dmverity_signature=TRUE action=DENY',
    ],
    'is never reached: line 3 matches first',
  ],
  [
    [
      'op=KMODULE action=ALLOW',
      `op=EXECUTE dmverity_roothash=sha256:${A} dmverity_roothash=sha256:${B} action=ALLOW`,
    ],
    `never matches: dmverity_roothash=sha256:${A} excludes dmverity_roothash=sha256:${B}`,
  ],
])('unreachable: %j', (lines, reason) => {
  expect(unreachableRules(policy(...lines))).toEqual([
    { rule: expect.objectContaining({ line: 4 }), reason },
  ]);
});

test('reachable rules are not reported', () => {
  const lines = [
    'op=KMODULE action=ALLOW',
    'op=EXECUTE boot_verified=TRUE dmverity_signature=TRUE action=DENY',
    'op=EXECUTE dmverity_signature=TRUE action=ALLOW',
    'op=EXECUTE boot_verified=TRUE action=ALLOW',
    'op=EXECUTE action=DENY',
  ];
  expect(unreachableRules(policy(...lines))).toEqual([]);
});
