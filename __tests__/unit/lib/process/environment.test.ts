import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import {
  fixedEnvironment,
  networkEnvironment,
  withAbsolutePath,
} from '../../../../src/lib/process/environment.ts';

test('a variable that names a file or folder is absolute, wherever the program runs', () => {
  const here = process.cwd();
  const names = [
    'DOCKER_CONFIG',
    'REGISTRY_AUTH_FILE',
    'XDG_RUNTIME_DIR',
    'XDG_CONFIG_HOME',
    'SSL_CERT_FILE',
    'HOME',
  ];
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
