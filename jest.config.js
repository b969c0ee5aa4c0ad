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
  // They boot a kernel of their own: npm run test:kernel.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/__tests__/kernel/'],
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  testTimeout: 120_000,
};
