import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import { command, failure, find } from '../tools/common.ts';
import { installTools } from '../tools/install.ts';

/** Program of the system → its package in Debian. */
const SYSTEM_PROGRAMS: Readonly<Record<string, string>> = {
  bash: 'bash',
  gzip: 'gzip',
  zstd: 'zstd',
  openssl: 'openssl',
  veritysetup: 'cryptsetup-bin',
  xargs: 'findutils',
};

/** Machine and versions, as name and value. */
export type Setting = readonly [name: string, value: string][];

/** Installs mkfs.erofs if it is missing. Error (`environment`): a program of the system is missing. */
export async function requireTools(): Promise<void> {
  const missing = Object.keys(SYSTEM_PROGRAMS).filter((program) => find(program) === undefined);
  if (missing.length > 0) {
    const packages = missing.map((program) => SYSTEM_PROGRAMS[program]).join(' ');
    throw failure(
      `the benchmark compares with ${missing.join(', ')}, which this machine lacks`,
      `Run apt-get install ${packages}`,
    );
  }
  if (find('mkfs.erofs') === undefined) await installTools('demo');
}

export async function describeSetting(): Promise<Setting> {
  const [load = 0] = loadavg();
  return [
    ['Date', new Date().toISOString().slice(0, 10)],
    ['Processor', `${cpus()[0]?.model.trim() ?? 'unknown'}, ${availableParallelism()} cores${extensions()}`],
    ['Memory', `${Math.round(totalmem() / 2 ** 30)} GiB`],
    ['Kernel', release()],
    ['Load before the run', load.toFixed(2)],
    ['Node', process.version],
    ['mkfs.erofs', await version('mkfs.erofs', '--version')],
    ['veritysetup', await version('veritysetup', '--version')],
    ['openssl', await version('openssl', 'version')],
    ['gzip', await version('gzip', '--version')],
    ['zstd', await version('zstd', '--version')],
  ];
}

/** The first version number in a program's output. */
async function version(program: string, argument: string): Promise<string> {
  // Without an installed tool there is no folder of tools, in which commands run by default.
  const said = await command([find(program) ?? program, argument], '/');
  return /\d+\.\d+[\w.]*/.exec(said)?.[0] ?? 'unknown';
}

/** SHA-256 instructions of the processor, which matter more than its name. */
function extensions(): string {
  const flags = /^(?:flags|Features)\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? '';
  return /\b(sha_ni|sha2)\b/.test(flags) ? ' with SHA-256 instructions' : '';
}
