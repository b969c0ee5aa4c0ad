import { failure } from '../common.ts';
import type { Need, Tool } from '../tool.ts';
import type { MissingProgram } from './missing-program.ts';

/** What decides how, and whether, tools can be installed here. */
export interface Machine {
  /** This user is root, or sudo asks for no password. */
  root: boolean;
  /** apt-get and dpkg-deb are there. */
  apt: boolean;
  /** Debian's archive is known, and the keys that sign it. */
  debian: boolean;
  /** Python 3.11 or later with venv and pip. */
  python: boolean;
  /** Go that can fetch the version that a module asks for. */
  go: boolean;
  freeMegabytes: number;
}

export interface Plan {
  tools: readonly Tool[];
  /** Packages that apt installs as root. */
  install: readonly string[];
  /** Programs whose packages are unpacked into `.tools/`. */
  unpack: readonly MissingProgram[];
  seconds: number;
  megabytes: number;
}

const PYTHON: MissingProgram = {
  program: 'python3 (3.11 or later, with venv)',
  packages: ['python3', 'python3-venv'],
  unpackable: false,
};
const GO: MissingProgram = { program: 'go (1.21 or later)', packages: ['golang-go'], unpackable: false };

/** Rough, on two processors: an apt package with what it depends on. */
const PACKAGE = { seconds: 4, megabytes: 15 };

/**
 * What has to be done for `stale` tools and `missing` programs. `go` is the tool that brings Go.
 * Error (`environment`): it cannot be done here; it names everything that is missing, and a command.
 */
export function planSetup(
  stale: readonly Tool[],
  missing: readonly MissingProgram[],
  machine: Machine,
  go: Tool,
): Plan {
  const needs = new Set<Need>(stale.flatMap((tool) => tool.needs));
  const programs = [...missing];
  if (needs.has('python') && !machine.python) programs.push(PYTHON);
  const tools = [...stale];
  if (needs.has('go') && !machine.go) {
    if (machine.apt && machine.debian) tools.unshift(go);
    else programs.push(GO);
  }

  refuseMissing(programs, machine);
  const fromDebian = tools.filter((tool) => tool.needs.includes('debian'));
  if (fromDebian.length > 0 && !machine.debian) {
    throw failure(
      `${fromDebian.map(({ name }) => name).join(', ')} come from Debian's archive, which this system does not name`,
      'Run: sudo apt-get install debian-archive-keyring, and set DEBIAN_MIRROR to the URL of a Debian archive',
    );
  }

  const unpack = machine.root ? [] : programs;
  const install = machine.root ? packagesOf(programs) : [];
  const packages = packagesOf(programs).length;
  const seconds = sum(tools, 'seconds') + packages * PACKAGE.seconds;
  const megabytes = sum(tools, 'megabytes') + packages * PACKAGE.megabytes;
  if (machine.freeMegabytes < megabytes) {
    throw failure(
      `the tools need about ${size(megabytes)}, and ${size(machine.freeMegabytes)} are free`,
      'Free space on the disk of this checkout, then run it again',
    );
  }
  return { tools, install, unpack, seconds, megabytes };
}

function refuseMissing(programs: readonly MissingProgram[], { apt, root }: Machine): void {
  const hopeless = programs.filter(({ unpackable }) => !apt || !(root || unpackable));
  if (hopeless.length === 0) return;
  const names = hopeless.map(({ program }) => program).join(', ');
  const packages = packagesOf(hopeless).join(' ');
  if (!apt) {
    throw failure(
      `these programs are missing, and there is no apt-get that could bring them: ${names}`,
      `Install them; on Debian and Ubuntu: sudo apt-get install ${packages}`,
    );
  }
  throw failure(
    `these programs are missing, and only root can install them: ${names}`,
    `Run: sudo apt-get install --no-install-recommends ${packages}`,
  );
}

function packagesOf(programs: readonly MissingProgram[]): string[] {
  return [...new Set(programs.flatMap(({ packages }) => packages))];
}

function sum(tools: readonly Tool[], what: 'seconds' | 'megabytes'): number {
  return tools.reduce((total, tool) => total + tool[what], 0);
}

/** The plan as text, a line for each thing that will be done; empty if there is nothing to do. */
export function describePlan({ tools, install, unpack, seconds, megabytes }: Plan): string {
  const lines: string[] = [];
  if (install.length > 0) lines.push(`by apt, as root: ${install.join(' ')}`);
  if (unpack.length > 0)
    lines.push(`unpacked into .tools/, without root: ${unpack.map(({ program }) => program).join(' ')}`);
  for (const tool of tools)
    lines.push(`${tool.name} (${tool.description}): ${time(tool.seconds)}, ${size(tool.megabytes)}`);
  if (lines.length === 0) return '';
  const total = `about ${time(seconds)} on two processors and ${size(megabytes)} in .tools/`;
  return [`This installs, in ${total}:`, ...lines.map((line) => `  - ${line}`)].join('\n');
}

function time(seconds: number): string {
  return seconds < 90 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}

function size(megabytes: number): string {
  return megabytes < 1000 ? `${Math.round(megabytes)} MB` : `${(megabytes / 1000).toFixed(1)} GB`;
}
