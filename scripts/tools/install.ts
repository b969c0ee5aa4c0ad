/**
 * `node scripts/tools/install.ts [demo]` installs the outside programs into `.tools/bin`; with `demo`
 * those of the demo only. Programs that are installed as pinned are kept.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError } from '../../src/errors.ts';
import { installPackages, missingPrograms } from './apt.ts';
import { architecture, BIN, TOOLS } from './common.ts';
import { GO_TOOL } from './go.ts';
import { Origin } from './origin.ts';
import { SYSTEM_PROGRAMS } from './pins.ts';
import { withLock } from './setup/lock.ts';
import { thisMachine } from './setup/machine.ts';
import { isWanted, type Scope } from './setup/needed.ts';
import { describePlan, type Plan, planSetup } from './setup/plan.ts';
import { reportStep } from './setup/progress.ts';
import { unpackPrograms } from './setup/unpack.ts';
import type { Tool } from './tool.ts';
import { TOOL_LIST } from './tool-list.ts';

/**
 * Says what is missing, then installs the tools of a scope. Nothing is fetched before it is known that all of it can be
 * installed here. What a run has installed stays, so that the next one continues.
 */
export async function installTools(scope: Scope = 'all'): Promise<void> {
  architecture();
  if (describePlan(await plan(scope)) === '') return;
  // Two set-ups, such as those of two checkouts with one .tools, would write the same files.
  await withLock(join(TOOLS, 'set-up.lock'), async () => carryOut(await plan(scope)));
}

async function plan(scope: Scope): Promise<Plan> {
  const stale: Tool[] = [];
  const machine = await thisMachine();
  for (const tool of TOOL_LIST) {
    if (isWanted(tool, scope, machine) && !(await isInstalled(tool))) stale.push(tool);
  }
  machine.go ||= await isInstalled(GO_TOOL);
  const build = stale.some((tool) => tool.needs.includes('build')) ? SYSTEM_PROGRAMS.build : {};
  const test = scope === 'demo' ? {} : SYSTEM_PROGRAMS.test;
  const user = process.getuid?.() === 0 ? {} : SYSTEM_PROGRAMS.user;
  const missing = missingPrograms({ ...SYSTEM_PROGRAMS.demo, ...build, ...user, ...test });
  return planSetup(stale, missing, machine, GO_TOOL);
}

async function carryOut(planned: Plan): Promise<void> {
  const { tools, install, unpack } = planned;
  console.log(describePlan(planned));
  await mkdir(BIN, { recursive: true });
  await mkdir(join(TOOLS, 'stamps'), { recursive: true });
  if (install.length > 0) {
    await reportStep('packages of the system', () => installPackages(install, install.join(', ')));
  }
  if (unpack.length > 0) await reportStep('programs of the system', () => unpackPrograms(unpack));
  const origin = new Origin();
  try {
    for (const [index, tool] of tools.entries()) {
      await reportStep(`${index + 1}/${tools.length} ${tool.name}`, async () => {
        await tool.install(origin);
        await writeFile(stampPath(tool), stamp(tool));
      });
    }
  } finally {
    await origin.close();
  }
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

if (import.meta.main) {
  installTools(process.argv[2] === 'demo' ? 'demo' : 'all').catch((error: unknown) => {
    const { line, status } = describeError(error);
    console.error(line);
    process.exitCode = status;
  });
}
