import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';

const SOURCES = new URL('../../../../src/convert/worker/', import.meta.url);

/** Milliseconds: a process that nothing keeps alive ends long before. */
const ALIVE = 20_000;

/** Runs a module as a process, which must end by itself, and returns what it printed. */
function run(program: string, options: string[] = []): { stdout: string; stderr: string } {
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    [...options, '--input-type=module', '--eval', program],
    { encoding: 'utf8', timeout: ALIVE, killSignal: 'SIGKILL' },
  );
  expect({ status, signal, stderr }).toMatchObject({ status: 0, signal: null });
  return { stdout, stderr };
}

/** Module text as the URL of a module. */
function moduleUrl(text: string): string {
  return `data:text/javascript,${encodeURIComponent(text)}`;
}

test.each([
  ['console.log', 'console.log("printed")'],
  ['console.error', 'console.error("printed")'],
  ['a warning', 'process.emitWarning("printed")'],
  ['a callback', 'await new Promise((done) => process.stderr.write("printed", done))'],
])('the process ends although the thread prints by %s', (_name, print) => {
  const thread = `
    await import(${JSON.stringify(new URL('layer-worker.ts', SOURCES).href)});
    ${print};
    (await import('node:worker_threads')).parentPort.postMessage('printed');`;
  const { stdout, stderr } = run(`
    import { Worker } from 'node:worker_threads';
    const worker = new Worker(new URL(${JSON.stringify(moduleUrl(thread))}), { stdout: true, stderr: true, env: {} });
    worker.on('message', (text) => {
      worker.unref();
      // The text of the thread arrives meanwhile.
      setTimeout(() => console.log('answer:', text), 300);
    });`);
  expect(stdout).toBe('answer: printed\n');
  expect(stderr).toBe('');
});

test('a module of node --import is not loaded into the threads', () => {
  const preload = `
    import { isMainThread } from 'node:worker_threads';
    import { writeSync } from 'node:fs';
    if (!isMainThread) { writeSync(1, 'loaded into a thread'); console.error('printed'); }`;
  const { stdout } = run(
    `
    const { LAYER_WORKERS } = await import(${JSON.stringify(new URL('pool.ts', SOURCES).href)});
    await LAYER_WORKERS.with(1, (worker) => new Promise((done) => worker.once('online', () => setTimeout(done, 300))));
    console.log('ended');`,
    ['--import', moduleUrl(preload)],
  );
  expect(stdout).toBe('ended\n');
});
