import { expect, test } from '@jest/globals';
import { privateFolder } from '../../../scripts/tools/setup/readable.ts';

const MODES: Readonly<Record<string, number>> = {
  '/': 0o755,
  '/home': 0o711,
  '/home/dev': 0o700,
  '/home/dev/src': 0o755,
  '/srv': 0o755,
  '/srv/src': 0o750,
};
const modeOf = (folder: string): number => MODES[folder] ?? 0o755;

test.each([
  ['/home/dev/src/checkout', '/home/dev'],
  ['/srv/src', '/srv/src'],
  ['/home/other/checkout', undefined],
  ['/', undefined],
])('%s is closed to others at %s', (path, folder) => {
  expect(privateFolder(path, modeOf)).toBe(folder);
});
