import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inTempFolder, place } from './common.ts';
import { go } from './go.ts';
import type { Tool } from './tool.ts';

/** A Go module in a folder beside this file; go.sum pins everything that it is built from. */
export interface GoModule {
  name: string;
  /** What it is, without how it is made. */
  description: string;
  folder: string;
  /** Program in `.tools/bin` → its package; `.` is the module itself, with sources of this project. */
  programs: Readonly<Record<string, string>>;
  /** Build tags: parts that no test needs are left out. */
  tags?: readonly string[];
  /** It has C code: linked statically, with the compiler of the system. */
  c?: true;
  /** As in Tool. */
  kernel?: true;
  seconds: number;
  megabytes: number;
}

/** A tool whose programs go builds. */
export function goTool(module: GoModule): Tool {
  const { name, description, folder, programs, tags = [], c = false, kernel, seconds, megabytes } = module;
  const source = fileURLToPath(new URL(folder, import.meta.url));
  return {
    name,
    description: `${description}, built by go`,
    programs: Object.keys(programs),
    inputs: module.tags === undefined ? filesOf(source) : [filesOf(source), tags],
    demo: false,
    ...(kernel === undefined ? {} : { kernel }),
    needs: ['go'],
    seconds,
    megabytes,
    install: async () => {
      await inTempFolder(async (target) => {
        for (const [program, from] of Object.entries(programs)) {
          await goBuild(source, from, join(target, program), tags, c);
          await place(join(target, program), program);
        }
      });
    },
  };
}

/** Builds one program of the module in `source`, from exactly what its go.sum pins. */
export async function goBuild(
  source: string,
  from: string,
  target: string,
  tags: readonly string[] = [],
  c = false,
): Promise<void> {
  const link = c ? '-s -w -linkmode=external -extldflags=-static' : '-s -w';
  const flags = ['-mod=readonly', '-trimpath', `-ldflags=${link}`, `-tags=${tags.join(',')}`];
  await go(['build', ...flags, '-o', target, from], source, c ? { CGO_ENABLED: '1' } : {});
}

/** The contents of a folder's files, in the order of their paths. */
export function filesOf(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => readFileSync(path, 'utf8'));
}
