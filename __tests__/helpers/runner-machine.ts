import { spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inputVariables, outputsIn } from './action-files.ts';
import { linkSystemPrograms } from './system-programs.ts';

/** Programs that a machine may lack: they exist only if a test adds them. */
const LACKED = ['mkfs.erofs', 'oras', 'apt-get', 'apt-cache', 'sudo'];
export const COMPILERS = ['gcc', 'cc', 'make', 'autoreconf'];

export interface Ran {
  status: number | null;
  stdout: string;
  /** The `::error::` lines. */
  errors: string[];
  outputs: Record<string, string>;
}

/** A runner's machine: the system's programs except some, its folders, and an Action to start. */
export class RunnerMachine {
  readonly folder = mkdtempSync(join(tmpdir(), 'runner-machine-'));
  readonly bin = join(this.folder, 'bin');
  readonly temp = join(this.folder, 'temp');
  readonly toolCache = join(this.folder, 'tool-cache');
  readonly #bundle: string;
  readonly #user: number | undefined;
  readonly #surface: 'action' | 'verify-action';
  /** Words before the Action's command. */
  readonly #prefix: readonly string[];

  /** @param options.user uid of the runner; default: that of the tests */
  constructor(
    bundle: string,
    options: {
      without?: readonly string[];
      user?: number;
      surface?: 'action' | 'verify-action';
      prefix?: readonly string[];
    } = {},
  ) {
    this.#bundle = bundle;
    this.#prefix = options.prefix ?? [];
    this.#surface = options.surface ?? 'action';
    this.#user = options.user;
    chmodSync(this.folder, 0o755);
    for (const path of [this.bin, this.temp, this.toolCache]) {
      mkdirSync(path);
      if (options.user !== undefined) chownSync(path, options.user, options.user);
    }
    linkSystemPrograms(this.bin, [...LACKED, ...(options.without ?? [])]);
  }

  /** Puts a program on PATH. */
  program(name: string, from: string | { script: string }): string {
    const path = join(this.bin, name);
    if (typeof from === 'string') cpSync(from, path);
    else writeFileSync(path, from.script);
    chmodSync(path, 0o755);
    return path;
  }

  /** Starts the Action with every input set, as the runner does. The toolkit does not wait between attempts. */
  async run(inputs: Record<string, string>, env: Record<string, string> = {}): Promise<Ran> {
    const output = join(this.folder, 'output');
    const preload = join(this.folder, 'preload.mjs');
    writeFileSync(output, '');
    chmodSync(output, 0o666);
    const switches = ['MIN', 'MAX'].map((which) => `TEST_DOWNLOAD_TOOL_RETRY_${which}_SECONDS`);
    writeFileSync(preload, switches.map((name) => `globalThis.${name} = 0;\n`).join(''));
    const { status, stdout } = await this.#start(['--import', preload, this.#bundle], {
      PATH: this.bin,
      HOME: this.temp,
      RUNNER_TEMP: this.temp,
      RUNNER_TOOL_CACHE: this.toolCache,
      GITHUB_OUTPUT: output,
      ...inputVariables(this.#surface, { 'show-summary': 'false', ...inputs }),
      ...env,
    });
    return {
      status,
      stdout,
      errors: [...stdout.matchAll(/^::error::(.*)$/gm)].map(([, text]) => text ?? ''),
      outputs: outputsIn(output),
    };
  }

  /** Files that installing left in the temporary folder and in the tool cache. */
  left(): { temp: string[]; kept: string[] } {
    const files = (folder: string): string[] =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => entry.name);
    return {
      temp: files(this.temp).filter((name) => !name.endsWith('.json')),
      kept: files(this.toolCache).sort(),
    };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #start(args: string[], env: Record<string, string>): Promise<{ status: number | null; stdout: string }> {
    return new Promise((resolve, reject) => {
      const [program = '', ...rest] = [...this.#prefix, process.execPath, ...args];
      const child = spawn(program, rest, {
        cwd: this.folder,
        env,
        ...(this.#user === undefined ? {} : { uid: this.#user, gid: this.#user }),
      });
      let stdout = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => {
          stdout += text;
        });
      }
      child.once('error', reject);
      child.once('close', (status) => resolve({ status, stdout }));
    });
  }
}
