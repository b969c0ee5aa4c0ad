import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { run } from '../../src/lib/process/run.ts';

/**
 * Names of the files beside a program that a run of it loads, those of its worker threads too, each once.
 * @throws VeritySignError if the run cannot be started, or takes more than five minutes
 */
export async function loadedFiles(
  program: string,
  args: readonly string[],
  env: Record<string, string>,
): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'loaded-files-'));
  try {
    const log = join(folder, 'log');
    const hook = join(folder, 'hook.mjs');
    writeFileSync(log, '');
    writeFileSync(
      hook,
      `import { appendFileSync } from 'node:fs';
       import { registerHooks } from 'node:module';
       registerHooks({
         load(url, context, next) {
           appendFileSync(${JSON.stringify(log)}, url + '\\n');
           return next(url, context);
         },
       });`,
    );
    await run([process.execPath, '--import', hook, program, ...args], { env, timeout: 300_000 });
    const beside = `${pathToFileURL(dirname(program))}/`;
    const urls = readFileSync(log, 'utf8').split('\n');
    return [...new Set(urls.filter((url) => url.startsWith(beside)).map((url) => basename(url)))];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
