/**
 * The CLI as it must not be, so that tests know that their stand-ins find what is there: it leaves its
 * environment visible, and puts the secret in PLANTED on a command line, into an open file without a name,
 * and into a file in the folder CARELESS_FOLDER.
 */
import { spawn } from 'node:child_process';
import { openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { runCli } from '../../../src/frontend/cli/run-cli.ts';

const { PLANTED: secret = '', CARELESS_FOLDER: folder = '' } = process.env;
const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 120_000)', secret], {
  env: {},
  stdio: 'ignore',
});
const unnamed = join(folder, 'unnamed');
writeSync(openSync(unnamed, 'w+'), secret);
rmSync(unnamed);
writeFileSync(join(folder, 'named'), secret, { mode: 0o644 });
try {
  await runCli(process.argv.slice(2), () => undefined);
} finally {
  child.kill();
}
