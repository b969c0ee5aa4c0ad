import { expect, test } from '@jest/globals';
import { ToolError } from '../../../../../src/lib/process/run.ts';
import { isNotFound, isTransient, orasFailure } from '../../../../../src/oci/oras/failures/failure.ts';
import type { Login } from '../../../../../src/oci/oras/login/logins.ts';

const REGISTRY = '127.0.0.1:5000';
/** The longest names that registries take. */
const LONG = `${REGISTRY}/${'denied/'.repeat(36)}abc:${'t'.repeat(128)}`;
const SHA512 = `${REGISTRY}/app@sha512:${'a'.repeat(128)}`;

function failure(stderr: string, target: string, access: 'pull' | 'push' = 'pull', login?: Login): Error {
  const error = new ToolError('oras: exit status 1', { exitCode: 1, stderr });
  return orasFailure(error, access, target, login) as Error;
}

const said = (words: string): string => `Error response from registry: ${words}`;

test.each([LONG, SHA512, `${REGISTRY}/app:1`])('a name is absent, however long it is: %s', (target) => {
  for (const words of [
    `${target}: not found`,
    `failed to find "${target}": ${target}: not found`,
    `failed to fetch the content of "${target}": ${target}: not found`,
  ]) {
    const error = failure(said(words), target);
    expect(isNotFound(error)).toBe(true);
    expect(error.message).toMatch(/^\S* is not in the registry \(oras: .*not found\)$/);
  }
});

test('a name with a secret in it', () => {
  const login: Login = { username: 'test', secret: 'test', source: 'a file', from: 'file' };
  const target = `${REGISTRY}/test/app:1`;
  const words = said(`failed to find "${REGISTRY}/***/app:1": ${REGISTRY}/***/app:1: not found`);
  expect(isNotFound(failure(words, target, 'pull', login))).toBe(true);
});

test.each([
  'GET "http://127.0.0.1:5001/token?scope=repository%3Aapp%3Apull&service=x": response status code 404: Not Found',
  'name unknown: service not found',
  'manifest unknown: not found',
  // oras 1.2
  'recognizable error message not found: HEAD "http://127.0.0.1:5000/v2/app/manifests/1": response status code 500: Internal Server Error',
  'failed to find "127.0.0.1:5000/app:1": HEAD "http://127.0.0.1:5000/v2/app/manifests/1": name unknown: service not found',
  // A proxy that refuses to connect: Go shows its own words.
  'failed to find "127.0.0.1:5000/app:1": Head "https://127.0.0.1:5000/v2/app/manifests/1": not found',
  '127.0.0.1:5000/other/app:1: not found',
])('no answer of the registry about the name: %s', (words) => {
  expect(isNotFound(failure(said(words), `${REGISTRY}/app:1`))).toBe(false);
});

test('the reason after the long URL of an upload counts, and is shown', () => {
  const url = `http://${REGISTRY}/v2/app/blobs/uploads/${'x'.repeat(600)}`;
  const stderr = said(`PUT "${url}": response status code 403: Forbidden`);
  const target = SHA512;
  const { message } = failure(stderr, target, 'push');
  expect(message).toMatch(/denies push access.*403: Forbidden\)$/);
  expect(isTransient(new ToolError('oras', { exitCode: 1, stderr }), 'push', target)).toBe(false);
});

test('no part of a long name is read as a reason', () => {
  const stderr = said(`failed to find "${LONG}": ${LONG}: something new`);
  expect(failure(stderr, LONG).message).toMatch(/^pull of .* failed \(oras: /);
});
