import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { VeritySignError } from '../../../../src/errors.ts';
import { checkNodeVersion } from '../../../../src/frontend/cli/node-version.ts';

const root = new URL('../../../../', import.meta.url);

function refusalOf(version: string): string | undefined {
  try {
    checkNodeVersion(version);
    return undefined;
  } catch (error) {
    if (!(error instanceof VeritySignError) || error.code !== 'environment') throw error;
    return error.toLine();
  }
}

describe('the version of Node', () => {
  test.each(['22.21.0', '22.21.1', '22.100.0', '24.5.0', '24.21.0', '25.0.0', '26.1.0', '100.0.0'])(
    '%s is accepted',
    (version) => {
      expect(refusalOf(version)).toBeUndefined();
    },
  );

  test.each(['8.0.0', '18.20.8', '20.20.2', '21.7.3', '22.0.0', '22.15.0', '22.20.9'])(
    '%s is too old',
    (version) => {
      expect(refusalOf(version)).toBe(
        `Node.js ${version} is too old. Use Node.js 24.5 or later, or 22.21 or a later 22`,
      );
    },
  );

  test.each(['23.0.0', '23.11.1', '24.0.0', '24.4.1'])('%s lies in the gap', (version) => {
    expect(refusalOf(version)).toContain('is not supported: it ignores proxy variables');
  });

  test('package.json and the README name the same versions', () => {
    const { engines } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
    expect(engines.node).toBe('>=22.21 <23 || >=24.5');
    const readme = readFileSync(new URL('README.md', root), 'utf8').replaceAll(/\s+/g, ' ');
    expect(readme).toContain('The CLI needs Node 24.5 or later, or 22.21 or a later 22,');
  });
});
