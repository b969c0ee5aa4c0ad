import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { architecture, asRoot, checkSha256, command, failure, find } from './common.ts';
import { type Architecture, type PackagePin, type Suite, UNPACKABLE } from './pins.ts';
import type { MissingProgram } from './setup/missing-program.ts';
import { canBeRoot } from './setup/rights.ts';
import { privateAptOptions } from './setup/unpack.ts';

/** The keys that sign Debian's archive. */
export const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** The programs that are not there, with the packages that have them. */
export function missingPrograms(programs: Readonly<Record<string, string>>): MissingProgram[] {
  return Object.entries(programs)
    .filter(([program]) => find(program) === undefined)
    .map(([program, packages]) => {
      return { program, packages: packages.split(' '), unpackable: UNPACKABLE.has(program) };
    });
}

/** Installs the packages of the programs that are missing, from the system's own sources. */
export async function installSystemPrograms(programs: Readonly<Record<string, string>>): Promise<string[]> {
  const missing = missingPrograms(programs);
  const names = missing.map(({ program }) => program);
  const packages = [...new Set(missing.flatMap((program) => program.packages))];
  if (packages.length > 0) await installPackages(packages, `the programs ${names.join(', ')}`);
  const still = names.find((program) => find(program) === undefined);
  if (still !== undefined)
    throw failure(`${still} is missing although apt installed its package`, 'Check PATH');
  return packages;
}

/** Installs packages. `what` names them in the remedy if apt fails. */
export async function installPackages(packages: readonly string[], what: string): Promise<void> {
  const install = asRoot(['apt-get', 'install', '-qq', '--no-install-recommends', ...packages]);
  try {
    // Package lists may be absent (container images) or older than the archive.
    await command(asRoot(['apt-get', 'update', '-qq']));
    await command(install);
  } catch (cause) {
    throw failure(
      `apt could not install ${packages.join(' ')}: ${(cause as Error).message}`,
      `Install ${what} another way, then run this again`,
      cause,
    );
  }
}

interface IndexTarget {
  /** Distribution, such as `Debian`. */
  label: string;
  /** Release, such as `bookworm`. */
  codename: string;
  uri: string;
}

/** The index targets of the system's own apt sources; none without apt. */
export async function indexTargets(): Promise<IndexTarget[]> {
  if (find('apt-get') === undefined) return [];
  const options = (await canBeRoot()) ? ['-qq'] : await privateAptOptions();
  const list = async (): Promise<IndexTarget[]> => {
    const format = '$(LABEL)|$(CODENAME)|$(REPO_URI)';
    const lines = (await command(['apt-get', ...options, 'indextargets', '--format', format])).split('\n');
    return lines.map((line) => {
      const [label = '', codename = '', uri = ''] = line.split('|');
      return { label, codename, uri };
    });
  };
  const known = await list();
  if (known.some(({ label }) => label !== '')) return known;
  // Labels come with the package lists, which container images lack.
  const update = ['apt-get', ...options, 'update'];
  await command((await canBeRoot()) ? asRoot(update) : update);
  return list();
}

/**
 * URL of Debian's archive: the environment variable DEBIAN_MIRROR, else from the system's own apt
 * sources. Undefined on another distribution.
 */
export async function debianMirror(): Promise<string | undefined> {
  const given = process.env.DEBIAN_MIRROR;
  if (given !== undefined && given !== '') return given;
  return (await indexTargets()).find(({ label }) => label === 'Debian')?.uri;
}

/** Package indexes of suites that the system itself does not use, in a separate folder. */
export class DebianArchive {
  readonly #mirror: string;
  readonly #folder: string;
  readonly #options: string[];
  #widened = false;

  private constructor(mirror: string, folder: string, architecture: Architecture) {
    this.#mirror = mirror;
    this.#folder = folder;
    this.#options = [
      '-qq',
      '-oDir::Etc::SourceList=/dev/null',
      `-oDir::Etc::SourceParts=${folder}/sources`,
      `-oDir::State::Lists=${folder}/lists`,
      `-oDir::Cache=${folder}/cache`,
      '-oDir::State::Status=/dev/null',
      '-oAcquire::Languages=none',
      '-oAPT::Sandbox::User=root',
      '-oAcquire::Retries=3',
      `-oAPT::Architecture=${architecture}`,
      `-oAPT::Architectures::=${architecture}`,
    ];
  }

  /** @param machine whose packages it has; default: this machine's */
  static async open(mirror: string, machine = architecture()): Promise<DebianArchive> {
    const folder = await mkdtemp(join(tmpdir(), 'debian-archive-'));
    const archive = new DebianArchive(mirror, folder, machine);
    for (const name of ['sources', 'lists/partial', 'cache/archives/partial']) {
      await mkdir(join(folder, name), { recursive: true });
    }
    await archive.#add('deb', 'bookworm trixie');
    await archive.#add('deb deb-src', 'forky');
    await command(['apt-get', ...archive.#options, 'update']);
    return archive;
  }

  async #add(types: string, suites: string): Promise<void> {
    const lines = [
      `Types: ${types}`,
      `URIs: ${this.#mirror}`,
      `Suites: ${suites}`,
      'Components: main',
      `Signed-By: ${KEYRING}`,
    ];
    await writeFile(
      join(this.#folder, `sources/${suites.replaceAll(' ', '-')}.sources`),
      `${lines.join('\n')}\n`,
    );
  }

  async close(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Fetches a binary package, checks it against its pin and unpacks it into `target`. */
  async unpack(pin: PackagePin, target: string): Promise<void> {
    const { version, sha256 } = pin.builds[architecture()];
    const file = await this.#fetch(pin.package, version, ['download', `${pin.package}=${version}`], '.deb');
    await checkSha256(file, sha256);
    await command(['dpkg-deb', '--extract', file, target]);
  }

  /**
   * Unpacks the newest version of a binary package in the suites, or in one of them, and returns that version. Point releases
   * drop the version before, so that no pin lasts. apt checks the archive's signature.
   */
  async unpackNewest(name: string, target: string, suite?: Suite): Promise<string> {
    const wanted = suite === undefined ? name : `${name}/${suite}`;
    const file = await this.#fetch(name, 'in any version', ['download', wanted], '.deb');
    await command(['dpkg-deb', '--extract', file, target]);
    return (await command(['dpkg-deb', '--field', file, 'Version'])).trim();
  }

  /** Names of the binary packages in the suites that match a regular expression of apt. */
  async names(pattern: string): Promise<string[]> {
    const found = await command(['apt-cache', ...this.#options, 'search', '--names-only', pattern]);
    return found.split('\n').flatMap((line) => line.split(' ')[0] || []);
  }

  /** Fetches the upstream tarball of a source package of any revision, and checks it. */
  async tarball(name: string, upstream: string, sha256: string, target: string): Promise<void> {
    const sources = await command(['apt-cache', ...this.#options, 'showsrc', '--only-source', name]);
    const versions = [...sources.matchAll(/^Version: (.*)$/gm)].map((match) => match[1] ?? '');
    const version = versions.find((candidate) => candidate.startsWith(`${upstream}-`)) ?? upstream;
    const argv = ['source', '--download-only', '--tar-only', `${name}=${version}`];
    const file = await this.#fetch(name, version, argv, `${name}_${upstream}.orig.tar.gz`);
    await checkSha256(file, sha256);
    await cp(file, target);
  }

  async #fetch(name: string, version: string, argv: readonly string[], suffix: string): Promise<string> {
    const folder = await mkdtemp(join(this.#folder, 'fetched-'));
    try {
      await command(['apt-get', ...this.#options, ...argv], folder);
    } catch (cause) {
      if (!this.#widened) {
        // A package may leave the testing suite for a while; it stays in the unstable suite.
        this.#widened = true;
        await this.#add('deb deb-src', 'sid');
        await command(['apt-get', ...this.#options, 'update']);
        return this.#fetch(name, version, argv, suffix);
      }
      const known = await command(['apt-cache', ...this.#options, 'madison', name]);
      const versions = [...new Set(known.split('\n').map((line) => line.split('|')[1]?.trim()))];
      throw failure(
        `Debian's archive did not give ${name} ${version} (it has ${versions.filter(Boolean).join(', ')})`,
        `Update the pin of ${name} in scripts/tools/pins.ts`,
        cause,
      );
    }
    const file = (await readdir(folder)).find((entry) => entry.endsWith(suffix));
    if (file === undefined) throw failure(`apt fetched no ${suffix} for ${name}`, 'Run it again');
    return join(folder, file);
  }
}
