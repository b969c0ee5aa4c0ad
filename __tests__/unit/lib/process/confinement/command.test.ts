import { describe, expect, test } from '@jest/globals';
import { confine } from '../../../../../src/lib/process/confinement/command.ts';
import type { Level } from '../../../../../src/lib/process/confinement/level.ts';
import type { Privilege } from '../../../../../src/lib/process/privilege.ts';

const limits = { memory: 1, addressSpace: 2, processorSeconds: 3, fileSize: 4, processes: 5 };
const request = {
  program: import.meta.filename,
  output: '/run/user/a/x.erofs',
  inputs: ['/etc/hints'],
  root: '/r',
  temporary: '/t',
  limits,
};
const STRICT: Level = { namespaces: 'direct', view: 'own', nobody: true, unprivileged: true, limited: true };
const DROP = 'setpriv --no-new-privs --inh-caps=-all --ambient-caps=-all --bounding-set=-all --';
const ENDING = DROP.replace(/--$/, '--pdeathsig=KILL --');
const LIMIT = 'prlimit --core=0 --data=1 --as=2 --cpu=3:4 --fsize=4';

/** The words without the script, and the script. */
function parts(level: Level, privilege: Privilege) {
  const { command, ...places } = confine(request, level, privilege);
  const at = command.indexOf('-c');
  const text = at === -1 ? command : command.with(at + 1, 'SCRIPT').with(at + 4, 'TABLE');
  return { text: text.join(' '), script: at === -1 ? '' : command[at + 1], ...places };
}

describe('in namespaces', () => {
  const NAMESPACES = '--mount --pid --fork --kill-child --net --ipc --uts -- sh -c SCRIPT sh /r TABLE';
  const NOBODY =
    'setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=+sys_admin --ambient-caps=+sys_admin -- unshare --user --map-root-user --';

  test('root becomes nobody, changes its root, and drops everything last', () => {
    const { text, script, output, inputs, temporary } = parts(STRICT, 'root');
    expect(text).toBe(
      `setpriv --pdeathsig=KILL -- unshare ${NAMESPACES} ${NOBODY} chroot . ${DROP} ${LIMIT} --nproc=5 -- /run/confined/program`,
    );
    expect(script).toContain("trap 'exit 143' TERM");
    expect({ output, inputs, temporary }).toEqual({
      output: '/run/confined/x.erofs',
      inputs: ['/run/confined/input-0'],
      temporary: '/run/confined/tmp',
    });
  });

  test('sudo may be ended by root alone, so this process does not end it', () => {
    expect(parts(STRICT, 'sudo').text).toMatch(/^unshare --mount --pid/);
  });

  test('a user namespace maps the caller to root, and lends nobody', () => {
    const { text } = parts({ ...STRICT, namespaces: 'mapped', nobody: false }, 'user-namespace');
    expect(text).toBe(
      `setpriv --pdeathsig=KILL -- unshare --map-root-user ${NAMESPACES} chroot . ${DROP} ${LIMIT} --nproc=5 -- /run/confined/program`,
    );
  });

  test('with the files of the machine, the program is where it is, and processes are hidden', () => {
    const { text, script } = parts({ ...STRICT, view: 'whole', nobody: false, limited: false }, 'root');
    expect(text).toMatch(new RegExp(` ${DROP} ${import.meta.filename}$`));
    expect(text).not.toContain('chroot');
    expect(script).toContain('mount -n -t proc proc /proc');
  });

  test('a program of the system is not shown twice', () => {
    const { command } = confine({ ...request, program: '/usr/bin/env' }, STRICT, 'root');
    expect(command.at(-1)).toBe('/usr/bin/env');
    expect(command.join(' ')).not.toContain('confined/program');
  });

  test('names in the script cannot become commands', () => {
    const { command } = confine({ ...request, output: "/o/a'; touch x; '" }, STRICT, 'root');
    expect(command[command.indexOf('-c') + 1]).toContain(`: >'run/confined/a'\\''; touch x; `);
  });
});

describe('without namespaces', () => {
  const none: Level = { ...STRICT, namespaces: 'none', view: 'whole', nobody: false };

  test.each<[Privilege, string]>([
    ['root', `${ENDING} ${LIMIT} -- PROGRAM`],
    ['user-namespace', `unshare --map-root-user -- ${ENDING} ${LIMIT} -- PROGRAM`],
    // Root must reach the folder of the user who uses sudo.
    ['sudo', `${DROP.replace(/-all --$/, '-all,+dac_override --')} ${LIMIT} -- PROGRAM`],
  ])('%s keeps what it needs to write its output', (privilege, expected) => {
    const { text, output, inputs, temporary } = parts(none, privilege);
    expect(text).toBe(expected.replace('PROGRAM', import.meta.filename));
    expect({ output, inputs, temporary }).toEqual({
      output: request.output,
      inputs: request.inputs,
      temporary: '/t',
    });
  });

  test('the last level is the program alone', () => {
    expect(parts({ ...none, unprivileged: false, limited: false }, 'root').text).toBe(import.meta.filename);
  });
});
