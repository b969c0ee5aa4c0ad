import { spawnSync } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import { testFolder } from '../../../helpers/temp.ts';

const folder = testFolder();
const output = (name: string): string =>
  pathToFileURL(join(import.meta.dirname, '../../../../src/frontend/output', name)).href;

/** Runs a script in a process of its own, through a shell that may redirect its output. */
function run(body: string, shell = '"$@"') {
  const path = join(folder, 'script.mjs');
  writeFileSync(
    path,
    `import { beforeFirstUse, isUnused, mayBeTerminal } from '${output('first-use.ts')}';
     import { guardStreams, writeAtOnce } from '${output('stream-guard.ts')}';
     import { printResult, requireOutput, surviveClosedPipes } from '${output('standard-streams.ts')}';
     const unused = () => ['stdout', 'stderr'].filter(isUnused).join();
     const made = Object.getOwnPropertyDescriptor(process, 'stdout').get;
     const isMade = () => Object.getOwnPropertyDescriptor(process, 'stdout').get === made;
     ${body}`,
  );
  const words = ['-c', shell, 'sh', process.execPath, '--no-warnings', path];
  const { status, stdout, stderr } = spawnSync('sh', words, { encoding: 'utf8', maxBuffer: 1 << 26 });
  return { status, stdout, stderr };
}

test('what is prepared runs once, in its order, before the first write of anybody', () => {
  const { stdout } = run(`
    const said = [];
    for (const name of ['a', 'b']) beforeFirstUse('stdout', (stream) => {
      const write = stream.write.bind(stream);
      stream.write = (text) => write(name + text);
    });
    beforeFirstUse('stdout', () => said.push(unused()));
    said.push(isMade());
    console.log('x');
    process.stdout.write('y\\n');
    beforeFirstUse('stdout', (stream) => said.push(stream === process.stdout));
    console.log(JSON.stringify([...said, isMade()]));
  `);
  expect(stdout).toBe('abx\naby\nab[false,"",true,true]\n');
});

test('a guarded stream is not made by guarding it', () => {
  const { stdout, stderr } = run(`
    guardStreams({ commands: false });
    const before = unused();
    console.error(before, mayBeTerminal('stdout'));
    process.stderr.write('##[error]\\n');
    console.error(unused());
  `);
  expect([stdout, stderr]).toEqual(['', 'stdout,stderr false\n# #[error]\nstdout\n']);
});

const LONG = '1_000_000';
const WRITES = `
  guardStreams({ commands: false });
  writeAtOnce('é'.repeat(${LONG}) + '\\n');
  process.exitCode = isUnused('stdout') ? 0 : 9;
`;
const long = `${'é'.repeat(Number(LONG.replaceAll('_', '')))}\n`;

test.each([
  ['a pipe', '"$@" | cat', 0],
  ['a slow pipe', '"$@" | (sleep 0.5; cat)', 0],
  ['a file', `"$@" > ${join(folder, 'out')}; cat ${join(folder, 'out')}`, 0],
])('text is written whole, without the stream, to %s', (_what, shell, status) => {
  const ended = run(WRITES, shell);
  expect(ended).toMatchObject({ status, stderr: '' });
  expect(ended.stdout === long).toBe(true);
});

test('what a pipe that does not wait cannot take goes to the stream, byte by byte as it was', () => {
  // The other end of the pair makes the file description of both processes one that does not wait.
  const shell = `python3 -c '
import fcntl, os, subprocess, sys, time
r, w = os.pipe()
fcntl.fcntl(w, fcntl.F_SETFL, os.O_NONBLOCK)
p = subprocess.Popen(sys.argv[1:], stdout=w)
os.close(w)
time.sleep(0.5)
with os.fdopen(r, "rb") as f: sys.stdout.buffer.write(f.read())
sys.exit(p.wait())
' "$@"`;
  const ended = run(WRITES, shell);
  expect(ended).toMatchObject({ status: 9, stderr: '' });
  expect(ended.stdout === long).toBe(true);
});

test.each([
  ['the stream', "printResult('x'.repeat(9000))"],
  ['console.log', "console.log('x'.repeat(9000))"],
  ['what needs no stream', "writeAtOnce('x'.repeat(9000))"],
])('of a file that takes only a part, %s reports the error', (_what, write) => {
  const body = `
    guardStreams({ commands: false });
    surviveClosedPipes();
    ${write};
    await requireOutput().catch(({ message, exitStatus }) => {
      console.error(message);
      process.exitCode = exitStatus;
    });
  `;
  const out = join(folder, 'part');
  expect(run(body, `ulimit -f 1; "$@" > '${out}'`)).toEqual({
    status: 4,
    stdout: '',
    stderr: 'standard output cannot be written to (EFBIG)\n',
  });
  expect([512, 1024]).toContain(statSync(out).size);
});
