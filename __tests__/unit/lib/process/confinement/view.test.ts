import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { isSystemProgram, viewOf } from '../../../../../src/lib/process/confinement/view.ts';
import { testFolder } from '../../../../helpers/temp.ts';

const folder = testFolder();
const shown = [
  { path: '/build/m.erofs', name: 'm.erofs', writable: true },
  { path: "/build/a 'file'", name: 'input-0', writable: false },
];
const request = { root: '/x/a b\n#\\', temporary: '/x/tmp', shown };
const ROOT = '/x/a\\040b\\012\\043\\134';

describe('the mounts', () => {
  test('with the system: folders read-only, links as links, and a changed root at the end', () => {
    const { table, folders, files, links } = viewOf({ ...request, system: true });
    const lines = table.trimEnd().split('\n');
    const writable = lines.filter((line) => !/ r?bind,ro,/.test(line));
    expect(writable).toEqual([
      ...['null', 'zero', 'random', 'urandom'].map(
        (name) => `/dev/${name} ${ROOT}/dev/${name} none bind,nosuid,noexec 0 0`,
      ),
      `/build/m.erofs ${ROOT}/run/confined/m.erofs none bind,nosuid,nodev,noexec 0 0`,
      `/x/tmp ${ROOT}/run/confined/tmp none bind,nosuid,nodev,noexec 0 0`,
    ]);
    expect(lines).toContain(
      `/build/a\\040\\047file\\047 ${ROOT}/run/confined/input-0 none bind,ro,nosuid,nodev 0 0`,
    );
    expect(lines).toContain(`/usr/bin ${ROOT}/usr/bin none bind,ro,nosuid,nodev 0 0`);
    expect(lines.at(-1)).toBe(`${ROOT} ${ROOT}/jail none rbind,ro,nosuid,nodev 0 0`);
    expect(folders).toEqual(expect.arrayContaining(['usr/bin', 'run/confined/tmp', 'jail', 'dev', 'etc']));
    expect(files).toEqual(
      expect.arrayContaining(['run/confined/m.erofs', 'run/confined/input-0', 'dev/null']),
    );
    for (const path of [...folders, ...files]) expect(path).not.toMatch(/^\/|\.\./);
    expect(links.every((path) => path.startsWith('/'))).toBe(true);
  });

  test.each([
    '/home',
    '/root',
    '/etc/shadow',
    '/tmp',
    '/var',
    '/usr/src',
    '/usr/share',
    '/proc',
    '/sys',
    '/run',
  ])('%s is not in the view', (path) => {
    const { table, folders, links } = viewOf({ ...request, shown: [], system: true });
    expect(table.split('\n').filter((line) => line.startsWith(`${path} `))).toEqual([]);
    expect([...folders, ...links]).not.toContain(path.slice(1));
    expect(links).not.toContain(path);
  });

  test('without the system: only its own folder, in the place of /run', () => {
    const { table, folders, files, links } = viewOf({ ...request, system: false });
    expect(table.trimEnd().split('\n')).toHaveLength(4);
    expect(table.trimEnd().split('\n').at(-1)).toBe(`${ROOT}/run /run none rbind,ro,nosuid,nodev 0 0`);
    expect({ folders, files, links }).toEqual({
      folders: ['run/confined/tmp'],
      files: ['run/confined/m.erofs', 'run/confined/input-0'],
      links: [],
    });
  });
});

test('a program of the system is one that no link leads out of', () => {
  expect(isSystemProgram('/usr/bin/env')).toBe(true);
  mkdirSync(join(folder, 'bin'));
  const program = join(folder, 'bin/program');
  writeFileSync(program, '');
  chmodSync(program, 0o755);
  expect(isSystemProgram(program)).toBe(false);
  symlinkSync('/usr/bin/env', join(folder, 'link'));
  expect(isSystemProgram(join(folder, 'link'))).toBe(false);
});
