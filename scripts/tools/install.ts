/**
 * `node scripts/tools/install.ts [demo]` installs the outside programs into `.tools/bin`; with `demo`
 * those of the demo only. Programs that are installed as pinned are kept.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError } from '../../src/errors.ts';
import { installSystemPrograms } from './apt.ts';
import { BIN, TOOLS } from './common.ts';
import { Origin } from './origin.ts';
import { SYSTEM_PROGRAMS } from './pins.ts';
import type { Tool } from './tool.ts';
import { TOOL_LIST } from './tool-list.ts';

/** Installs all tools, or those of the demo, and prints a line for each one that it installs. */
export async function installTools(scope: 'all' | 'demo' = 'all'): Promise<void> {
  const demo = scope === 'demo';
  await mkdir(BIN, { recursive: true });
  await mkdir(join(TOOLS, 'stamps'), { recursive: true });

  const stale: Tool[] = [];
  for (const tool of TOOL_LIST) {
    if ((tool.demo || !demo) && !(await isInstalled(tool))) stale.push(tool);
  }
  await timed('system packages', async () => {
    const build = stale.some((tool) => tool.needsBuildTools) ? SYSTEM_PROGRAMS.build : {};
    const test = demo ? {} : SYSTEM_PROGRAMS.test;
    const user = process.getuid?.() === 0 ? {} : SYSTEM_PROGRAMS.user;
    const packages = await installSystemPrograms({ ...SYSTEM_PROGRAMS.demo, ...build, ...user, ...test });
    return packages.length === 0 ? undefined : `apt: ${packages.join(' ')}`;
  });
  const origin = new Origin();
  try {
    for (const tool of stale) {
      await timed(tool.name, async () => {
        await tool.install(origin);
        await writeFile(stampPath(tool), stamp(tool));
        return tool.description;
      });
    }
  } finally {
    await origin.close();
  }
  if (stale.length === 0) console.log('.tools: everything is as pinned');
}

function stampPath(tool: Tool): string {
  return join(TOOLS, 'stamps', tool.name);
}

function stamp(tool: Tool): string {
  return createHash('sha256')
    .update(JSON.stringify([tool.inputs, process.arch]))
    .digest('hex');
}

async function isInstalled(tool: Tool): Promise<boolean> {
  if (!tool.programs.every((program) => existsSync(join(BIN, program)))) return false;
  const found = await readFile(stampPath(tool), 'utf8').catch(() => '');
  return found === stamp(tool);
}

/** Prints one line with the seconds that `work` took, or nothing if it returns undefined. */
async function timed(name: string, work: () => Promise<string | undefined>): Promise<void> {
  const start = performance.now();
  const did = await work();
  if (did === undefined) return;
  console.log(`${((performance.now() - start) / 1000).toFixed(1).padStart(6)} s  ${name}  ${did}`);
}

if (import.meta.main) {
  installTools(process.argv[2] === 'demo' ? 'demo' : 'all').catch((error: unknown) => {
    const { line, status } = describeError(error);
    console.error(line);
    process.exitCode = status;
  });
}
