import { expect, test } from '@jest/globals';
import { levelsOf } from '../../../../../src/lib/process/confinement/level.ts';
import { countsProcesses, prlimit } from '../../../../../src/lib/process/confinement/limits.ts';

const [nobody, root] = levelsOf('root');
const [mapped] = levelsOf('user-namespace');
const bare = levelsOf('root').at(-1);
if (!nobody || !root || !mapped || !bare) throw new TypeError('no levels');

test('all limits are arguments of prlimit, and the soft one of time comes first', () => {
  const limits = { memory: 1, addressSpace: 2, processorSeconds: 3, fileSize: 4, processes: 5 };
  const words = ['prlimit', '--core=0', '--data=1', '--as=2', '--cpu=3:4', '--fsize=4'];
  expect(prlimit(limits, bare)).toEqual([...words, '--']);
});

test.each([
  ['5.14.0', true],
  ['6.1.0-18-amd64', true],
  ['10.0', true],
  ['5.13.19', false],
  ['4.18.0-553.el8', false],
  ['unknown', false],
])('kernel %s counts processes by user namespace: %s', (kernel, counts) => {
  expect([nobody, mapped].map((level) => countsProcesses(level, kernel))).toEqual([counts, counts]);
  expect([root, bare].map((level) => countsProcesses(level, kernel))).toEqual([false, false]);
});
