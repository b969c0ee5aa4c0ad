import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { helloProgram } from '../../../scripts/demo/hello-program.ts';
import { testFolder } from '../../helpers/temp.ts';

const folder = testFolder();
const own = process.arch === 'arm64' ? 'arm64' : 'amd64';

test.each(['Hello\n', `${'é'.repeat(30_000)}\n`])(
  'this machine executes it: it prints its text and exits 0',
  (text) => {
    const program = join(folder, `hello-${text.length}`);
    writeFileSync(program, helloProgram(own, text), { mode: 0o755 });
    expect(execFileSync(program, { env: {} }).toString()).toBe(text);
  },
);

test.each([
  ['amd64', 'Advanced Micro Devices X86-64'],
  ['arm64', 'AArch64'],
] as const)('readelf finds no fault in it: %s', (name, machine) => {
  const program = join(folder, name);
  writeFileSync(program, helloProgram(name, 'Hello\n'));
  const read = execFileSync('readelf', ['--wide', '--file-header', '--segments', program], { stdio: 'pipe' });
  expect(read.toString()).toMatch(new RegExp(`EXEC.*Machine: +${machine}`, 's'));
  expect(read.toString()).toMatch(/LOAD +0x000000 0x0*400000 .* R E /);
});
