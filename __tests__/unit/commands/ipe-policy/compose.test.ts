import { describe, expect, test } from '@jest/globals';
import { composePolicy } from '../../../../src/commands/ipe-policy/compose.ts';

const [A, B] = ['a'.repeat(64), 'b'.repeat(64)];
const allow = (rootHash: string) => `op=EXECUTE dmverity_roothash=sha256:${rootHash} action=ALLOW`;

const base = (...lines: string[]) => ({
  file: 'node.ipe',
  bytes: Buffer.from(['policy_name=app policy_version=0.0.1', ...lines].join('\n')),
});
const compose = (...lines: string[]) => composePolicy('app', [1, 2, 3], base(...lines), [A, B]);

test('without a base, only the initramfs and the layers execute', () => {
  expect(composePolicy('app', [2026, 1129, 1050], undefined, [A, B])).toEqual({
    text: `policy_name=app policy_version=2026.1129.1050
DEFAULT action=ALLOW
DEFAULT op=EXECUTE action=DENY
op=EXECUTE boot_verified=TRUE action=ALLOW
${allow(A)}
${allow(B)}
`,
    inBase: new Set(),
  });
});

test("the base's defaults and rules come first, without its comments and under the new header", () => {
  const { text } = compose(
    '# the node',
    'op=KMODULE   boot_verified=TRUE action=ALLOW # modules',
    'DEFAULT action=DENY',
    'op=EXECUTE dmverity_signature=TRUE action=ALLOW',
  );
  expect(text).toBe(`policy_name=app policy_version=1.2.3
DEFAULT action=DENY
op=KMODULE boot_verified=TRUE action=ALLOW
op=EXECUTE dmverity_signature=TRUE action=ALLOW
${allow(A)}
${allow(B)}
`);
});

test('a root hash that the base allows gets no second rule', () => {
  const { text, inBase } = compose('DEFAULT action=DENY', allow(B));
  expect(inBase).toEqual(new Set([B]));
  expect(text.split('\n').slice(2, -1)).toEqual([allow(B), allow(A)]);
});

describe('a base that does not go with the layers', () => {
  const DENY = 'DEFAULT action=DENY';
  test.each([
    [[DENY, 'DEFAULT action=ALLOW'], 'has DEFAULT twice (line 3)'],
    [[DENY, 'op=RUN action=ALLOW'], 'has "op=RUN" where an operation belongs'],
    [
      [DENY, 'op=EXECUTE boot_verified=TRUE action=ALLOW', 'op=EXECUTE boot_verified=TRUE action=ALLOW'],
      'line 4: op=EXECUTE boot_verified=TRUE action=ALLOW repeats line 3',
    ],
    [
      [DENY, 'op=EXECUTE action=DENY', 'op=EXECUTE boot_verified=TRUE action=ALLOW'],
      'line 4: op=EXECUTE boot_verified=TRUE action=ALLOW is never reached: line 3 matches first',
    ],
    [
      [DENY, `op=EXECUTE dmverity_roothash=sha256:${B} action=DENY`],
      `line 3: op=EXECUTE dmverity_roothash=sha256:${B} action=DENY denies the layer with the root hash ${B} on a device without a signature`,
    ],
    [
      [DENY, 'op=EXECUTE dmverity_signature=FALSE action=DENY'],
      `line 3: op=EXECUTE dmverity_signature=FALSE action=DENY denies the layer with the root hash ${A} on a device without a signature, as containerd opens it`,
    ],
    [
      [DENY, 'op=EXECUTE dmverity_signature=TRUE action=DENY'],
      `denies the layer with the root hash ${A} on a device with a signature`,
    ],
    [[DENY, 'op=EXECUTE action=DENY'], 'line 3: op=EXECUTE action=DENY denies the layer'],
    [
      [DENY, 'op=EXECUTE fsverity_signature=FALSE action=ALLOW'],
      'line 3: op=EXECUTE fsverity_signature=FALSE action=ALLOW allows every layer',
    ],
    [['DEFAULT action=ALLOW'], 'allows execution where no rule matches, so root hashes restrict nothing'],
    [[DENY, 'DEFAULT op=EXECUTE action=ALLOW'], 'allows execution where no rule matches'],
  ])('%j', (lines, message) => {
    expect(() => compose(...lines)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining(message) }),
    );
    expect(() => compose(...lines)).toThrow(/^base: node\.ipe /);
  });

  test('has another name', () => {
    expect(() => composePolicy('web', [1, 2, 3], base(DENY), [A])).toThrow(
      'base: node.ipe is a policy called "app", not web',
    );
  });
});

test('rules of other operations do not conflict', () => {
  const { text } = compose('DEFAULT action=DENY', `op=KMODULE dmverity_roothash=sha256:${A} action=DENY`);
  expect(text).toContain(`op=KMODULE dmverity_roothash=sha256:${A} action=DENY\n${allow(A)}`);
});
