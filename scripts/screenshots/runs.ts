/** Real runs whose output the pictures show: the job summaries of both Actions, and the CLI. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, relative } from 'node:path';
import { fixedEnvironment } from '../../src/lib/process/environment.ts';
import { run, ToolError } from '../../src/lib/process/run.ts';
import { makeDemoPki } from '../demo-pki.ts';
import { REAL_IMAGES, writeRealImage } from '../preflight/real/images.ts';
import { buildSampleImage, FEW_LAYERS, MANY_LAYERS } from './sample-image.ts';

const root = dirname(dirname(import.meta.dirname));
const env: Record<string, string> = {
  ...fixedEnvironment(),
  HOME: process.env.HOME ?? '/',
  // QEMU is there; the tools of the tests are not.
  PATH: [dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter),
};

/** Images that are signed and booted: one that needs code made at run time, and one that runs. */
const BOOTED = ['node', 'shell-entrypoint'];

export interface TerminalOutput {
  command: string;
  columns: number;
  output: string;
}

export interface Outputs {
  /** Markdown by the name of the picture. */
  summaries: Record<string, string>;
  terminals: Record<string, TerminalOutput>;
}

/**
 * Signs and verifies sample images.
 * @param work working directory of the runs, which is replaced: their output names no other folder
 */
export async function runAll(work: string): Promise<Outputs> {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  await buildSampleImage(join(work, 'app'), FEW_LAYERS);
  await buildSampleImage(join(work, 'many'), MANY_LAYERS);
  for (const image of REAL_IMAGES) {
    if (BOOTED.includes(image.name)) await writeRealImage(image, join(work, image.name));
  }
  const pki = await makeDemoPki(join(work, 'pki'));
  const stranger = await makeDemoPki(join(work, 'other'));
  const named = (path: string): string => relative(work, path);
  const [key, certificate, ca] = [pki.key, pki.certificate, pki.ca].map(named) as [string, string, string];

  const app = 'oci:app:1.0';
  const sign = (image: string) => action(work, 'sign-action.ts', { image, key, certificate });
  const verify = (image: string, trusted = ca) =>
    action(work, 'verify-action.ts', { image, 'trusted-certificate': trusted });
  const preflight = (image: string, trusted = ca) =>
    action(work, 'sign-action.ts', {
      image,
      key,
      certificate,
      preflight: 'true',
      'preflight-certificate': trusted,
    });
  const summaries = {
    summary: await sign(app),
    'sign-many': await sign('oci:many:1.0'),
    'sign-failure': await action(work, 'sign-action.ts', { image: app, key, certificate: 'chain.pem' }),
    'verify-summary': await verify(app),
    'verify-many': await verify('oci:many:1.0'),
    'verify-several': await verify(`${app}\noci:many:1.0`),
    'verify-not-trusted': await verify(app, named(stranger.ca)),
    'verify-many-not-trusted': await verify('oci:many:1.0', named(stranger.ca)),
    'preflight-denied': await preflight('oci:node:demo'),
    'preflight-runs': await preflight('oci:shell-entrypoint:demo'),
    'preflight-refused': await preflight('oci:shell-entrypoint:demo', named(stranger.ca)),
  };

  const terminals: Record<string, TerminalOutput> = {};
  const terminal = async (name: string, columns: number, args: string[]): Promise<void> => {
    const argv = [process.execPath, join(root, 'src/entry/cli.ts'), ...args];
    const output = await printed(work, argv, { ...env, COLUMNS: String(columns) });
    terminals[name] = { command: `verity-sign ${args.join(' ')}`, columns, output };
  };
  const verifying = ['verify', app, '--trusted-certificate', ca];
  await terminal('cli', 80, verifying);
  for (const columns of [80, 160]) {
    await terminal(`cli-sign-${columns}`, columns, ['sign', app, '--key', key, '--certificate', certificate]);
    await terminal(`cli-verify-${columns}`, columns, verifying);
  }
  await terminal('cli-inspect-80', 80, ['inspect', app]);
  await terminal('cli-root-hash-80', 80, ['root-hash', app]);
  await terminal('cli-not-trusted-80', 80, ['verify', app, '--trusted-certificate', named(stranger.ca)]);
  await terminal('cli-preflight-80', 80, ['preflight', 'oci:node:demo', '--trusted-certificate', ca]);
  await terminal('cli-preflight-runs-80', 80, [
    ...['preflight', 'oci:shell-entrypoint:demo', '--trusted-certificate', ca],
  ]);
  await terminal('help', 80, ['--help']);
  await terminal('help-sign', 80, ['sign', '--help']);
  return { summaries, terminals };
}

/** Runs an Action as the runner does. Returns its job summary, even if it failed. */
async function action(work: string, entry: string, inputs: Record<string, string>): Promise<string> {
  const summary = join(work, 'summary.md');
  writeFileSync(summary, '');
  const given = Object.entries({ install: 'false', ...inputs });
  await printed(work, [process.execPath, join(root, 'src/entry', entry)], {
    ...env,
    GITHUB_STEP_SUMMARY: summary,
    RUNNER_TEMP: work,
    ...Object.fromEntries(given.map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
  });
  return readFileSync(summary, 'utf8');
}

/** Standard output of a program, whatever its exit status. */
async function printed(work: string, argv: string[], environment: Record<string, string>): Promise<string> {
  try {
    return (await run(argv, { env: environment, cwd: work })).stdout.toString();
  } catch (error) {
    if (error instanceof ToolError && error.exitCode !== undefined) return error.stdout;
    throw error;
  }
}
