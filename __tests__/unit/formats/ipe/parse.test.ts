import { describe, expect, test } from '@jest/globals';
import { FormatError } from '../../../../src/formats/format-error.ts';
import { parsePolicy } from '../../../../src/formats/ipe/parse.ts';
import { writePolicy } from '../../../../src/formats/ipe/write.ts';

const HEX = 'AB'.repeat(32);
const read = (text: string) => parsePolicy(Buffer.from(text, 'latin1'));
const header = 'policy_name=app policy_version=1.2.3';

/** Below a header and a default. */
const rules = (...lines: string[]) => read([header, 'DEFAULT action=DENY', ...lines].join('\n')).rules;

test('the boot policy of the test kernel', () => {
  const policy = read(
    `policy_name=verity_sign policy_version=0.0.1
DEFAULT action=DENY

op=EXECUTE boot_verified=TRUE action=ALLOW
op=EXECUTE dmverity_signature=TRUE action=ALLOW
`,
  );
  expect(policy).toEqual({
    name: 'verity_sign',
    version: [0, 0, 1],
    globalDefault: 'DENY',
    defaults: new Map(),
    rules: [
      { line: 4, operation: 'EXECUTE', properties: ['boot_verified=TRUE'], action: 'ALLOW' },
      { line: 5, operation: 'EXECUTE', properties: ['dmverity_signature=TRUE'], action: 'ALLOW' },
    ],
  });
});

describe('what the kernel accepts', () => {
  test('comments anywhere, tabs, CR, spaces at both ends, an empty line', () => {
    const text = `# node\r\n  ${header} # the header\t \r\r\n\tDEFAULT\t op=EXECUTE  action=DENY#x\nDEFAULT action=ALLOW\v\n`;
    expect(read(text)).toMatchObject({
      name: 'app',
      globalDefault: 'ALLOW',
      defaults: new Map([['EXECUTE', 'DENY']]),
    });
  });

  test('at the end of a line: each byte that its isspace() knows, and a comment', () => {
    const accepted = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => {
      const line = `op=EXECUTE action=ALLOW${String.fromCharCode(byte)}`;
      try {
        return rules(line).length === 1;
      } catch {
        return false;
      }
    });
    // lib/ctype.c: _S
    const spaces = [0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20, 0xa0];
    expect(accepted).toEqual([...spaces, 0x23].sort((a, b) => a - b));
  });

  test('a MiB of blanks before a word, in less than 5 s', () => {
    const start = performance.now();
    const line = `op=EXECUTE${' '.repeat(1024 * 1024 - 200)}action=ALLOW`;
    expect(rules(line)).toMatchObject([{ operation: 'EXECUTE', action: 'ALLOW' }]);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  test('digests in both cases, as one', () => {
    const [rule] = rules(
      `op=KMODULE dmverity_roothash=sha256:${HEX} fsverity_digest=sha512:${'0f'.repeat(64)} action=DENY`,
    );
    expect(rule?.properties).toEqual([
      `dmverity_roothash=sha256:${HEX.toLowerCase()}`,
      `fsverity_digest=sha512:${'0f'.repeat(64)}`,
    ]);
  });

  test('a rule without properties, and defaults for each operation instead of one', () => {
    expect(rules('op=FIRMWARE action=ALLOW')).toMatchObject([{ properties: [] }]);
    const each = ['EXECUTE', 'FIRMWARE', 'KMODULE', 'KEXEC_IMAGE', 'KEXEC_INITRAMFS', 'POLICY', 'X509_CERT'];
    const lines = each.map((operation) => `DEFAULT op=${operation} action=ALLOW`);
    expect(read([header, ...lines].join('\n')).defaults.size).toBe(7);
    expect(() => read([header, ...lines.slice(1)].join('\n'))).toThrow(
      'has neither a DEFAULT nor a DEFAULT op=EXECUTE',
    );
  });
});

test('what is written is read back', () => {
  const text = `${header}
DEFAULT action=ALLOW
DEFAULT op=EXECUTE action=DENY
op=EXECUTE boot_verified=TRUE dmverity_signature=FALSE action=ALLOW
op=KMODULE action=ALLOW
`;
  expect(writePolicy(read(text))).toBe(text);
});

describe('what the kernel refuses', () => {
  const REFUSED: [text: string, reason: string][] = [
    ['', 'is empty'],
    ['# only a comment', 'is empty'],
    ['DEFAULT action=DENY', 'does not begin with policy_name=NAME policy_version=X.Y.Z (line 1)'],
    ['policy_version=1.2.3 policy_name=app', 'does not begin with policy_name=NAME'],
    ['policy_name= policy_version=1.2.3', 'does not begin with policy_name=NAME'],
    [`${header} more`, 'does not begin with policy_name=NAME'],
    ['policy_name=app policy_version=1.2', 'has the version "1.2", not one such as 1.2.3 (line 1)'],
    ['policy_name=app policy_version=1.2.3.4', 'has the version "1.2.3.4"'],
    ['policy_name=app policy_version=1.2.65536', 'has 65536 in its version, more than 65535'],
    [header, 'has neither a DEFAULT nor a DEFAULT op=EXECUTE'],
    [`${header}\nDEFAULT`, 'has "DEFAULT" at the end of a line'],
    [`${header}\nDEFAULT action=deny`, 'has "action=deny" at the end of a line'],
    [`${header}\nDEFAULT action=DENY\nDEFAULT action=ALLOW`, 'has DEFAULT twice (line 3)'],
    [
      `${header}\nDEFAULT op=POLICY action=DENY\nDEFAULT op=POLICY action=DENY`,
      'has DEFAULT op=POLICY twice (line 3)',
    ],
    [`${header}\nDEFAULT op=EXECUTE boot_verified=TRUE action=DENY`, 'has a property in a DEFAULT'],
    [`${header}\nop=EXEC action=DENY`, 'has "op=EXEC" where an operation belongs'],
    [`${header}\nboot_verified=TRUE op=EXECUTE action=DENY`, 'has "boot_verified=TRUE" where an operation'],
    [`${header}\naction=DENY`, 'has a rule without op= (line 2)'],
    [`${header}\nop=EXECUTE`, 'has "op=EXECUTE" at the end of a line'],
    [`${header}\nop=EXECUTE action=DENY boot_verified=TRUE`, 'has "boot_verified=TRUE" at the end'],
    [`${header}\nop=EXECUTE boot_verified=yes action=DENY`, 'the value is TRUE or FALSE'],
    [`${header}\nop=EXECUTE signed=TRUE action=DENY`, 'has the unknown property "signed=TRUE"'],
    [`${header}\nop=EXECUTE dmverity_roothash=${HEX} action=DENY`, 'a digest is written as sha256:'],
    [`${header}\nop=EXECUTE dmverity_roothash=sha256:abc action=DENY`, 'a digest is written as sha256:'],
    [`${header}\nop=EXECUTE dmverity_roothash=sha256:${HEX}00 action=DENY`, 'a digest is written as sha256:'],
    [`${header}\0\nDEFAULT action=DENY`, 'contains a zero byte'],
  ];

  test.each(REFUSED)('%j: %s', (text, reason) => {
    expect(() => read(text)).toThrow(FormatError);
    expect(() => read(text)).toThrow(reason);
  });
});
