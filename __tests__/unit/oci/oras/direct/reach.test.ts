import { expect, test } from '@jest/globals';
import { proxyFor } from '../../../../../src/lib/http/proxy.ts';
import { isPlainByItself, loopbackWithoutProxy } from '../../../../../src/oci/oras/direct/reach.ts';

test.each([
  ['localhost', true],
  ['localhost:5000', true],
  ['127.0.0.1:5000', false],
  ['localhost.example', false],
  ['my.localhost:5000', false],
])('%s is asked in plain HTTP: %s', (host, plain) => {
  expect(isPlainByItself(host)).toBe(plain);
});

test.each([
  ['http://localhost:5000/', false],
  ['http://127.1.2.3/', false],
  ['http://[::1]:5000/', false],
  ['http://registry.example/', true],
  ['http://exempt.example/', false],
])('%s through a proxy: %s', (url, through) => {
  const given = { HTTP_PROXY: 'http://proxy.example:3128', NO_PROXY: 'exempt.example' };
  const env = loopbackWithoutProxy(given);
  expect(proxyFor(new URL(url), env) !== undefined).toBe(through);
  expect(given.NO_PROXY).toBe('exempt.example');
});
