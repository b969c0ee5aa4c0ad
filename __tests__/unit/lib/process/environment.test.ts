import { userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import {
  configFolder,
  fixedEnvironment,
  homeFolder,
  isHomeSettled,
  networkEnvironment,
  withAbsolutePath,
} from '../../../../src/lib/process/environment.ts';

test('a variable that names a file or folder is absolute, wherever the program runs', () => {
  const here = process.cwd();
  const names = ['DOCKER_CONFIG', 'REGISTRY_AUTH_FILE', 'SSL_CERT_FILE'];
  const env = networkEnvironment(Object.fromEntries(names.map((name) => [name, `of/${name}`])));
  for (const name of names) expect(env[name]).toBe(join(here, 'of', name));
  expect(networkEnvironment({ SSL_CERT_DIR: 'a:/b:c/d:' }).SSL_CERT_DIR).toBe(`${here}/a:/b:${here}/c/d:`);
  expect(networkEnvironment({ DOCKER_CONFIG: '', HTTPS_PROXY: 'proxy/x' })).toMatchObject({
    DOCKER_CONFIG: '',
    HTTPS_PROXY: 'proxy/x',
  });
});

test('PATH keeps its absolute folders, or becomes that of the system', () => {
  const path = (PATH: string): string | undefined => withAbsolutePath({ PATH, HOME: '/h' }).PATH;
  expect(path('/a:/b')).toBe('/a:/b');
  expect(path(':/a::bin:./b:/c:')).toBe('/a:/c');
  for (const none of ['', ':', 'bin:.']) expect(path(none)).toBe(fixedEnvironment().PATH);
  expect(withAbsolutePath({ HOME: '/h' })).toEqual({ HOME: '/h', PATH: fixedEnvironment().PATH });
});

test.each([undefined, '', '.', 'of/somebody'])('a HOME of %j is not the working folder', (HOME) => {
  const { homedir } = userInfo();
  const env = HOME === undefined ? {} : { HOME };
  expect(homeFolder(env)).toBe(homedir);
  expect(configFolder(env)).toBe(join(homedir, '.config'));
  expect(networkEnvironment(env).HOME).toBe(homedir);
  expect(isHomeSettled(env)).toBe(HOME === undefined);
});

test('an absolute HOME counts, and of the variables of the specification those that are absolute', () => {
  const env = { HOME: '/h', XDG_CONFIG_HOME: '.config', XDG_RUNTIME_DIR: 'run' };
  expect([homeFolder(env), configFolder(env)]).toEqual(['/h', '/h/.config']);
  expect(networkEnvironment(env)).toEqual({ PATH: expect.any(String), LC_ALL: 'C', HOME: '/h' });
  const absolute = { HOME: '/h', XDG_CONFIG_HOME: '/c', XDG_RUNTIME_DIR: '/r' };
  expect(configFolder(absolute)).toBe('/c');
  expect(networkEnvironment(absolute)).toMatchObject(absolute);
});
