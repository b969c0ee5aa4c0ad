/**
 * `npm run screenshots` makes pictures of real runs: the job summaries of both Actions as GitHub shows them, and
 * the CLI in a terminal. Those that the documents show go to docs/images/, the others to .demo/screenshots/. Needs
 * Chromium, QEMU, mmdebstrap and `npm run preflight:build`; pngquant, if it is installed, makes the files smaller.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fixedEnvironment } from '../src/lib/process/environment.ts';
import { findBrowser, openBrowser } from './screenshots/browser.ts';
import { githubPage } from './screenshots/github-page.ts';
import { IN_DOCUMENTS } from './screenshots/in-documents.ts';
import { runAll } from './screenshots/runs.ts';
import { terminalPage, terminalWidth } from './screenshots/terminal-page.ts';

const root = dirname(import.meta.dirname);
const documents = join(root, 'docs/images');
const others = join(root, '.demo/screenshots');
/** CSS pixels of a job summary on GitHub. */
const SUMMARY_WIDTH = 1012;

async function main(): Promise<void> {
  findBrowser();
  const { summaries, terminals } = await runAll(join(root, '.demo/screenshots-work'));
  rmSync(others, { recursive: true, force: true });
  for (const folder of [documents, others]) mkdirSync(folder, { recursive: true });
  const browser = await openBrowser();
  try {
    for (const [name, markdown] of Object.entries(summaries)) {
      if (markdown === '') throw new Error(`The run for ${name} wrote no summary`);
      for (const scheme of ['light', 'dark'] as const) {
        const html = githubPage(markdown, name);
        keep(name, `${name}-${scheme}`, await browser.picture({ html, scheme, width: SUMMARY_WIDTH }));
      }
    }
    for (const [name, { command, columns, output }] of Object.entries(terminals)) {
      const html = terminalPage(command, output, columns);
      keep(name, name, await browser.picture({ html, scheme: 'dark', width: terminalWidth(columns) }));
    }
  } finally {
    await browser.close();
  }
}

function keep(name: string, fileName: string, png: Buffer): void {
  const folder = (IN_DOCUMENTS as readonly string[]).includes(name) ? documents : others;
  const file = join(folder, `${fileName}.png`);
  const small = smaller(png);
  writeFileSync(file, small);
  console.log(`${relative(root, file)}: ${Math.round(small.length / 1000)} kB`);
}

/** The picture with a palette of 256 colours: text needs no more. */
function smaller(png: Buffer): Buffer {
  const { status, stdout } = spawnSync('pngquant', ['--strip', '--speed', '1', '256', '-'], {
    input: png,
    env: fixedEnvironment(),
    maxBuffer: 2 * png.length,
  });
  return status === 0 ? stdout : png;
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
