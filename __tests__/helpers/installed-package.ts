import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeVectorImage } from './vector-image.ts';

const root = join(import.meta.dirname, '../..');

export interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** A folder with the package that `npm pack` makes of this checkout, installed as a user does it, without network. */
export class InstalledPackage {
  readonly folder: string;
  /** Bytes of the archive that `npm pack` made. */
  archiveSize = 0;
  readonly #env: Readonly<Record<string, string>>;

  /** @param folder an empty one */
  constructor(folder: string) {
    this.folder = folder;
    const path = `${dirname(process.execPath)}:${process.env.PATH ?? '/usr/bin:/bin'}`;
    // No settings, cache or environment of the machine.
    this.#env = { PATH: path, HOME: join(folder, 'home'), npm_config_offline: 'true' };
  }

  /** Packs dist/ as it is and installs it. Returns what npm printed. */
  install(): string {
    mkdirSync(join(this.folder, 'home'));
    writeFileSync(
      join(this.folder, 'package.json'),
      '{ "name": "consumer", "private": true, "type": "module" }',
    );
    const pack = ['npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', this.folder] as const;
    const [{ filename, size }] = JSON.parse(this.#output(pack, root)) as [{ filename: string; size: number }];
    this.archiveSize = size;
    return this.#output(['npm', 'install', '--no-audit', '--no-fund', `./${filename}`]);
  }

  /** Runs a program, by default in the folder, with an environment of its own. */
  run([program, ...args]: readonly [string, ...string[]], cwd = this.folder): Ended {
    const ended = spawnSync(program, args, { cwd, env: this.#env, encoding: 'utf8', timeout: 300_000 });
    if (ended.error !== undefined) throw ended.error;
    const { status, stdout, stderr } = ended;
    return { status, stdout, stderr };
  }

  /** As {@link run}, for a program that must succeed. Returns its standard output. */
  #output(argv: readonly [string, ...string[]], cwd = this.folder): string {
    const { status, stdout, stderr } = this.run(argv, cwd);
    if (status !== 0) throw new Error(`${argv.join(' ')}: ${status}\n${stdout}${stderr}`);
    return stdout;
  }

  /**
   * Puts there what the examples of docs/library.md name: a layout with the tags `app` and `tools`, signer.key,
   * chain.pem and root.pem of a signer CN=Release.
   */
  async addExampleFiles(layers: readonly string[]): Promise<void> {
    const layout = join(this.folder, 'layout');
    const descriptor = await writeVectorImage(layout, layers);
    const tagged = ['app', 'tools'].map((tag) => ({
      ...descriptor,
      annotations: { 'org.opencontainers.image.ref.name': tag },
    }));
    writeFileSync(join(layout, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: tagged }));
    const request = 'openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days 2';
    const commands = [
      `${request} -subj /CN=Root -addext keyUsage=critical,keyCertSign,cRLSign -keyout root.key -out root.pem`,
      `${request} -subj /CN=Release -CA root.pem -CAkey root.key -addext basicConstraints=critical,CA:FALSE -addext keyUsage=critical,digitalSignature -keyout signer.key -out chain.pem`,
    ];
    this.#output(['bash', '-ec', commands.join('\n')]);
  }
}
