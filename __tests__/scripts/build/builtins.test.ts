import { expect, test } from '@jest/globals';
import { moduleOf } from '../../../scripts/build/builtins.ts';

const exportOf = (module: string, name: string): string | undefined =>
  moduleOf(module)
    .split('\n')
    .find((line) => line.startsWith(`export const ${name} = `));

test.each([
  ['node:child_process', 'spawn'],
  ['node:util', 'parseArgs'],
  ['node:zlib', 'createGunzip'],
])('%s %s is loaded at its first call', (module, name) => {
  expect(exportOf(module, name)).toBe(`export const ${name} = (...given) => all().${name}(...given);`);
});

test.each([
  // promisify() reads a property of these, in which they have a variant that resolves with an object.
  ['node:child_process', 'execFile'],
  ['node:child_process', 'exec'],
  ['node:util', 'inspect'],
  ['node:util', 'promisify'],
  ['node:util', 'TextDecoder'],
  ['node:zlib', 'constants'],
  ['node:fs', 'readFileSync'],
])('%s %s is the export of Node itself', (module, name) => {
  expect(exportOf(module, name)).toBe(`export const ${name} = /* @__PURE__ */ one('${name}');`);
});
