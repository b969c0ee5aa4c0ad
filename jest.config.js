import { availableParallelism } from 'node:os';

/** ES modules throughout: run with `node --experimental-vm-modules` (see the scripts in package.json). */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } },
    ],
  },
  // The kernel tests boot a kernel of their own: npm run test:kernel.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/__tests__/kernel/'],
  // Not the whole checkout: .tools holds the sources of a thousand Go modules.
  roots: ['<rootDir>/__tests__'],
  globalSetup: '<rootDir>/__tests__/helpers/programs/set-up.ts',
  globalTeardown: '<rootDir>/__tests__/helpers/programs/tear-down.ts',
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  // The one limit: generous, because other programs may keep the machine busy. A few tests set a longer one.
  testTimeout: 600_000,
  // Programs that tests start wait a third of their time, for registries above all: three workers keep two
  // processors busy.
  maxWorkers: Math.ceil(availableParallelism() * 1.5),
  // After its last test a worker frees 400 MB. On a loaded machine that takes longer than the 500 ms after
  // which Jest kills it and warns of an open handle. With more time, the warning means a real handle.
  workerGracefulExitTimeout: 10_000,
};
