import { fileURLToPath } from 'node:url';
import { asRoot } from '../../scripts/tools/common.ts';
import { run } from '../../src/lib/process/run.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';

/** Runs a program with root's rights, as the programs of a node run; returns its standard output. */
export async function root(
  argv: readonly [string, ...string[]],
  options: { cwd?: string; stdin?: Uint8Array } = {},
): Promise<Buffer> {
  const [program, ...args] = argv;
  const { stdout } = await run(asRoot([located(program), ...args]), {
    ...options,
    env: toolEnvironment(),
    timeout: 300_000,
    maxOutput: 256 * 1024 * 1024,
  });
  return stdout;
}

/** The same without root's rights. */
export async function tool(program: string, args: readonly string[], cwd?: string): Promise<Buffer> {
  const { stdout } = await run([located(program), ...args], {
    ...(cwd === undefined ? {} : { cwd }),
    env: toolEnvironment({ HOME: '/nonexistent' }),
    timeout: 300_000,
  });
  return stdout;
}

/** Paths of the loader and the libraries that a program is linked with. */
export async function librariesOf(program: string): Promise<string[]> {
  const listed = (await tool('ldd', [program])).toString();
  return [...listed.matchAll(/(?:=> |^\s+)(\/\S+)/gm)].map(([, path = '']) => path);
}

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** Runs this project's command line as it is shipped. Rejects with ToolError unless it exits 0. */
export async function dist(args: readonly string[], home: string): Promise<void> {
  await run([process.execPath, CLI, ...args], { env: toolEnvironment({ HOME: home }), timeout: 300_000 });
}

function located(program: string): string {
  return program.startsWith('/') ? program : toolPath(program);
}
