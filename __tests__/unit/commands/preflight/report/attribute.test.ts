import { describe, expect, test } from '@jest/globals';
import {
  type AuditEvent,
  attribute,
  Denials,
} from '../../../../../src/commands/preflight/report/attribute.ts';

const DENY = 'rule="DEFAULT action=DENY"';

function audit(fields: string, more: Partial<AuditEvent> = {}): AuditEvent {
  return {
    event: 'audit',
    text: `audit: type=1420 audit(1.5:7): ipe_op=EXECUTE ${fields} ${DENY}`,
    phase: 'run',
    origin: 'other',
    layer: null,
    ...more,
  };
}

/** The only denial of these events. */
function only(event: AuditEvent, files: { path: string; layer: number }[] = []) {
  const denials = new Denials();
  denials.add(event);
  expect(denials.list(files)).toHaveLength(1);
  return denials.list(files)[0];
}

test('a JIT compiler asks for anonymous memory, which has no path', () => {
  const event = audit('ipe_hook=MPROTECT enforcing=1 pid=80 comm="node" path=? dev=? ino=?', {
    executable: '/usr/bin/node',
    origin: 'memory',
  });
  expect(only(event)).toEqual({
    count: 1,
    program: '/usr/bin/node',
    command: 'node',
    what: 'anonymous memory',
    source: 'memory',
    hook: 'MPROTECT',
    rule: 'DEFAULT action=DENY',
    advice: expect.stringContaining('--jitless'),
  });
});

test.each([
  ['java', '/usr/lib/jvm/bin/java', /native-image/],
  ['postgres', '/usr/lib/postgresql/17/bin/postgres', /jit = off/],
  ['nginx', '/usr/sbin/nginx', /pcre_jit off/],
  ['php-fpm8.4', '/usr/sbin/php-fpm8.4', /pcre\.jit=0/],
  ['python3', '/usr/bin/python3.13', /ctypes/],
  ['dotnet', '/usr/bin/dotnet', /AOT/],
  // Names of other programs begin like these.
  ['javac-wrapper', '/opt/javac-wrapper', /just-in-time/],
  ['anything', '/opt/anything', /just-in-time/],
])('the advice on a JIT is about the program: %s', (command, executable, expected) => {
  const event = audit(`ipe_hook=MMAP enforcing=1 pid=1 comm="${command}" path=? dev=? ino=?`, {
    executable,
    origin: 'memory',
  });
  expect(only(event)?.advice).toMatch(expected);
});

test.each([
  ['/dev/zero (deleted)', 'anonymous memory'],
  ['/SYSV00000000 (deleted)', 'anonymous memory'],
  ['/memfd:code (deleted)', 'memory file'],
  ['/tmp/memfd:code', 'file'],
  ['/dev/zero', 'file'],
])('%s is %s', (path, what) => {
  const hex = Buffer.from(path).toString('hex').toUpperCase();
  expect(
    attribute(audit(`ipe_hook=MMAP enforcing=1 pid=1 comm="x" path=${hex} dev="tmpfs" ino=3`)),
  ).toMatchObject({
    what,
  });
});

test('a path that the kernel writes in hexadecimal is decoded once, from UTF-8', () => {
  const path = '/tmp/Ã¤ "ü" b';
  const hex = Buffer.from(path).toString('hex').toUpperCase();
  const event = audit(`ipe_hook=BPRM_CHECK enforcing=1 pid=1 comm="sh" path=${hex} dev="overlay" ino=3`, {
    origin: 'upper',
  });
  expect(only(event)).toMatchObject({ path, source: 'written at run time', program: 'sh' });
});

test('text of the guest has a character for each byte', () => {
  const executable = Buffer.from('/opt/größe').toString('latin1');
  const event = audit('ipe_hook=BPRM_CHECK enforcing=1 pid=1 comm="x" path="/x" dev="overlay" ino=3', {
    executable,
  });
  expect(only(event)?.program).toBe('/opt/größe');
});

test('a path that looks like hexadecimal digits, but is quoted, stays as it is', () => {
  const event = audit('ipe_hook=BPRM_CHECK enforcing=1 pid=1 comm="beef" path="2F62" dev="overlay" ino=3');
  expect(attribute(event)).toMatchObject({ path: '2F62', command: 'beef' });
});

describe('a file of the writable layer', () => {
  const event = (path: string): AuditEvent =>
    audit(`ipe_hook=BPRM_CHECK enforcing=1 pid=1 comm="sh" path="${path}" dev="overlay" ino=9`, {
      origin: 'upper',
    });
  const files = [{ path: '/usr/bin/tool', layer: 3 }];

  test('that a layer has was changed at run time', () => {
    const denial = only(event('/usr/bin/tool'), files);
    expect(denial).toMatchObject({ layer: 3, source: 'written at run time' });
    expect(denial?.advice).toMatch(/copies the file of layer 3/);
  });

  test('that no layer has was made at run time', () => {
    const denial = only(event('/usr/bin/tool2'), files);
    expect(denial).not.toHaveProperty('layer');
    expect(denial?.advice).toMatch(/written or downloaded at run time/);
  });
});

test('a file of a layer that the policy does not name', () => {
  const event = audit('ipe_hook=MMAP enforcing=1 pid=1 comm="app" path="/usr/lib/a.so" dev="overlay" ino=9', {
    origin: 'layer',
    layer: 2,
  });
  expect(only(event)).toMatchObject({
    layer: 2,
    source: 'layer',
    advice: expect.stringMatching(/ipe-policy/),
  });
});

describe('counting', () => {
  const denied = (path: string, more: Partial<AuditEvent> = {}): AuditEvent =>
    audit(`ipe_hook=BPRM_CHECK enforcing=1 pid=1 comm="sh" path="${path}" dev="tmpfs" ino=1`, {
      origin: 'tmpfs',
      ...more,
    });

  test('equal denials are one, other ones are not', () => {
    const denials = new Denials();
    for (const path of ['/tmp/a', '/tmp/b', '/tmp/a', '/tmp/a']) denials.add(denied(path));
    expect(denials.list([]).map(({ path, count }) => [path, count])).toEqual([
      ['/tmp/a', 3],
      ['/tmp/b', 1],
    ]);
  });

  test('a process that had ended counts as the only program of this name', () => {
    const denials = new Denials();
    denials.add(denied('/tmp/a'));
    denials.add(denied('/tmp/a', { executable: '/bin/dash' }));
    expect(denials.list([])).toMatchObject([{ program: '/bin/dash', count: 2 }]);
    denials.add(denied('/tmp/a', { executable: '/bin/bash' }));
    expect(denials.list([]).map(({ program, count }) => [program, count])).toEqual([
      ['sh', 1],
      ['/bin/dash', 1],
      ['/bin/bash', 1],
    ]);
  });

  test('a program that tries new paths for ever fills no memory', () => {
    const denials = new Denials();
    for (let index = 0; index < 5000; index += 1) denials.add(denied(`/tmp/${index}`));
    const list = denials.list([]);
    expect(list.length).toBeLessThanOrEqual(1001);
    expect(list.reduce((sum, { count }) => sum + count, 0)).toBe(5000);
  });

  test('a program that always has another name or runs from another file does not make the report long', () => {
    const denials = new Denials();
    const fields = (name: string) => `ipe_hook=MMAP enforcing=1 pid=1 comm="${name}" path=? dev=? ino=?`;
    for (let index = 0; index < 5000; index += 1) {
      denials.add(audit(fields(`n${index}`), { executable: `/tmp/${index}`, origin: 'memory' }));
    }
    const list = denials.list([]);
    expect(list.length).toBeLessThanOrEqual(1001);
    expect(list.reduce((sum, { count }) => sum + count, 0)).toBe(5000);
    expect(list.at(-1)).toMatchObject({ count: 4000, program: 'other programs or files' });
  });
});

test.each([
  ['of the list of files', audit('ipe_hook=MMAP enforcing=1 comm="x" path="/x"', { phase: 'list' })],
  ['of the attacks', audit('ipe_hook=BPRM_CHECK enforcing=1 comm="x" path="/x"', { phase: 'attack' })],
  ['that was only logged', audit('ipe_hook=MMAP enforcing=0 comm="x" path="/x"')],
  ['of another operation', { ...audit(''), text: 'ipe_op=FIRMWARE ipe_hook=KERNEL_READ enforcing=1' }],
  ['of another kind', { ...audit(''), text: 'audit: type=1403 policy loaded' }],
] satisfies [string, AuditEvent][])('a record %s is no denial of the run', (_what, event) => {
  expect(attribute(event)).toBeUndefined();
});
