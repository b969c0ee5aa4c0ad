import { expect, test } from '@jest/globals';
import { parseChallenge } from '../../../../../src/oci/oras/direct/challenge.ts';

const bearer = (realm: string, service?: string, scope?: string) => ({
  scheme: 'bearer',
  realm,
  service,
  scope,
});

test.each<[string | undefined, unknown]>([
  [undefined, undefined],
  ['', undefined],
  ['Negotiate', undefined],
  ['Basic realm="a"', { scheme: 'basic' }],
  ['basic', { scheme: 'basic' }],
  ['Bearer realm="https://a/token"', bearer('https://a/token')],
  [
    'Bearer realm="https://a/token",service="s",scope="repository:a/b:pull,push"',
    bearer('https://a/token', 's', 'repository:a/b:pull,push'),
  ],
  ['bearer Realm="https://a/", error="invalid_token"', bearer('https://a/')],
  ['Basic realm="a", Bearer realm="https://b/"', bearer('https://b/')],
  ['Bearer error="none"', undefined],
  ['Bearer error="none", Basic realm="a"', { scheme: 'basic' }],
  ['Digest realm="Basic"', undefined],
  ['Bearer realm="https://a/", service=a.example, scope="b"', bearer('https://a/', 'a.example', 'b')],
  ['Bearer realm = "https://a/" , Basic realm="b"', bearer('https://a/')],
  ['Bearer realm="https://a/?\\"", service="\\\\"', bearer('https://a/?"', '\\')],
])('%s', (header, expected) => {
  expect(parseChallenge(header)).toEqual(expected);
});
