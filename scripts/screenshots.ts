/**
 * `npm run screenshots` makes docs/images/ from real runs on the demo image: the job summaries of both
 * Actions as GitHub shows them, and the CLI in a terminal. Needs Chromium.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fixedEnvironment } from '../src/lib/process/environment.ts';
import { run, ToolError } from '../src/lib/process/run.ts';
import { buildDemoImage } from './demo-image.ts';
import { makeDemoPki } from './demo-pki.ts';
import { findBrowser, openBrowser } from './screenshots/browser.ts';
import { githubPage } from './screenshots/github-page.ts';
import { terminalPage } from './screenshots/terminal-page.ts';
import { installTools } from './tools/install.ts';

const root = dirname(import.meta.dirname);
const images = join(root, 'docs/images');
/** Working directory of the runs, so that their output names no folder of this machine. */
const work = join(root, '.demo/screenshots');
const SUMMARY_WIDTH = 1012;
const TERMINAL_WIDTH = 1320;

const env: Record<string, string> = { ...fixedEnvironment(), HOME: process.env.HOME ?? '/' };
env.PATH = `${join(root, '.tools/bin')}:${dirname(process.execPath)}:${env.PATH}`;

/** Runs an Action as the runner does. Returns its job summary, even if it failed. */
async function action(entry: string, inputs: Record<string, string>): Promise<string> {
  const summary = join(work, 'summary.md');
  writeFileSync(summary, '');
  const given = Object.entries({ install: 'false', ...inputs });
  await printed([process.execPath, join(root, 'src/entry', entry)], {
    ...env,
    GITHUB_STEP_SUMMARY: summary,
    RUNNER_TEMP: work,
    ...Object.fromEntries(given.map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
  });
  return readFileSync(summary, 'utf8');
}

/** Standard output of a program, whatever its exit status. */
async function printed(argv: string[], environment: Record<string, string>): Promise<string> {
  try {
    return (await run(argv, { env: environment, cwd: work })).stdout.toString();
  } catch (error) {
    if (error instanceof ToolError && error.exitCode !== undefined) return '';
    throw error;
  }
}

async function main(): Promise<void> {
  findBrowser();
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  mkdirSync(images, { recursive: true });
  await installTools('demo');
  const built = join(root, '.demo/built');
  if (!existsSync(join(built, 'index.json'))) await buildDemoImage(built);
  cpSync(built, join(work, 'app'), { recursive: true });
  const signer = await makeDemoPki(join(work, 'pki'));
  const stranger = await makeDemoPki(join(work, 'other'));
  const named = (path: string): string => relative(work, path);

  const image = 'oci:app:demo';
  const summaries = {
    summary: await action('sign-action.ts', {
      image,
      key: named(signer.key),
      certificate: named(signer.certificate),
    }),
    'verify-summary': await action('verify-action.ts', {
      image,
      'trusted-certificate': named(signer.ca),
    }),
    'verify-not-trusted': await action('verify-action.ts', {
      image,
      'trusted-certificate': named(stranger.ca),
    }),
  };
  const command = ['verify', image, '--trusted-certificate', named(signer.ca)];
  const output = await printed([process.execPath, join(root, 'src/entry/cli.ts'), ...command], env);

  const browser = await openBrowser();
  try {
    for (const [name, markdown] of Object.entries(summaries)) {
      if (markdown === '') throw new Error(`The run for ${name} wrote no summary`);
      for (const scheme of ['light', 'dark'] as const) {
        const html = githubPage(markdown, name);
        keep(`${name}-${scheme}`, await browser.picture({ html, scheme, width: SUMMARY_WIDTH }));
      }
    }
    const html = terminalPage(`verity-sign ${command.join(' ')}`, output);
    keep('cli', await browser.picture({ html, scheme: 'dark', width: TERMINAL_WIDTH }));
  } finally {
    await browser.close();
  }
}

function keep(name: string, png: Buffer): void {
  const file = join(images, `${name}.png`);
  writeFileSync(file, png);
  console.log(`${relative(root, file)}: ${Math.round(png.length / 1000)} kB`);
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
