/**
 * `npm run test:kernel` fetches missing tools, builds the kernel if it is not cached, and runs the kernel
 * tests with Jest. Further arguments go to Jest.
 */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { describeError } from '../../src/errors.ts';
import { installTools } from '../tools/install.ts';
import { buildKernel } from './build.ts';
import { installGuestPackages } from './packages.ts';

const root = dirname(dirname(import.meta.dirname));

try {
  await installTools('kernel');
  await installGuestPackages();
  console.log('The first run builds the kernel, which takes minutes, and keeps it');
  const { version, packageVersion, buildSeconds, image } = await buildKernel();
  console.log(`Linux ${version} (${packageVersion}), built in ${buildSeconds} s: ${image}`);
  const jest = ['--experimental-vm-modules', '--no-warnings', join(root, 'node_modules/jest/bin/jest.js')];
  // The configuration excludes these tests, so that `npm test` needs no kernel.
  const choice = ['--testPathIgnorePatterns=/node_modules/', '--testPathPatterns=__tests__/kernel/'];
  const argv = [...jest, ...choice, ...process.argv.slice(2)];
  const ended = spawnSync(process.execPath, argv, { cwd: root, stdio: 'inherit' });
  if (ended.error !== undefined) throw ended.error;
  if (ended.signal !== null) console.error(`the tests were ended by ${ended.signal}`);
  process.exitCode = ended.status ?? 1;
} catch (error) {
  const { line, status } = describeError(error);
  console.error(line);
  process.exitCode = status;
}
