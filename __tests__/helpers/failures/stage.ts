/** What the failing runs of the troubleshooting page share: an image, a key, registries, and ways to run. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../src/lib/process/run.ts';
import type { Descriptor } from '../../../src/model/index.ts';
import { type CliOptions, cli } from '../cli.ts';
import { type FakeDaemon, fakeDocker } from '../fake-docker.ts';
import { type Fault, type SeenRequest, startFaultyProxy } from '../faulty-proxy.ts';
import { ImageWriter } from '../image-writer.ts';
import { type LeafFiles, pki } from '../pki.ts';
import { programPath } from '../programs.ts';
import { type RegistryKind, startRegistry, type TestRegistry } from '../registry.ts';
import { fakePrologue } from '../run-child.ts';
import { RunnerMachine } from '../runner-machine.ts';
import { toolEnvironment, toolPath, toolsPath } from '../tools.ts';
import { writeVectorImage } from '../vector-image.ts';

const ACTION = programPath('sign-action');

/** How a run failed: by the exit status of the CLI, or by the part of the page to which a job summary links. */
export interface Failure {
  status?: number | null;
  part?: string;
  /** Every line that the run printed as an error, without the program's name. */
  lines: string[];
  /** Standard output of the CLI. */
  output?: string;
}

export interface FailureCase {
  name: string;
  run(stage: Stage): Promise<Failure>;
}

export class Stage {
  readonly folder: string;
  /** `oci:` reference of an unsigned image with one layer. */
  readonly image: string;
  readonly manifest: Descriptor;
  readonly #registries = new Map<RegistryKind, TestRegistry>();
  readonly #leaf: (name: string) => LeafFiles;
  #made = 0;

  private constructor(folder: string, manifest: Descriptor, leaf: (name: string) => LeafFiles) {
    this.folder = folder;
    this.image = `oci:${join(folder, 'layout')}`;
    this.manifest = manifest;
    this.#leaf = leaf;
  }

  static async create(folder: string): Promise<Stage> {
    const manifest = await writeVectorImage(join(folder, 'layout'), ['simple-gzip']);
    const stage = new Stage(folder, manifest, (await pki()).leaf);
    for (const kind of ['referrers-api', 'fallback-tag'] as const) {
      stage.#registries.set(kind, await startRegistry(kind));
    }
    return stage;
  }

  async stop(): Promise<void> {
    for (const registry of this.#registries.values()) await registry.stop();
  }

  /** A new folder. */
  scratch(): string {
    const path = join(this.folder, `scratch-${this.#made++}`);
    mkdirSync(path);
    return path;
  }

  /** A copy of the layout, for runs that attach signatures. */
  copyOfLayout(): string {
    const folder = join(this.scratch(), 'layout');
    cpSync(join(this.folder, 'layout'), folder, { recursive: true });
    return folder;
  }

  files(name: string): LeafFiles {
    return this.#leaf(name);
  }

  /** Options with a key of the test PKI and its chain. */
  key(name = 'p256'): string[] {
    const { keyPath, chainPath } = this.files(name);
    return ['--key', keyPath, '--certificate', chainPath];
  }

  /** Runs the CLI of this checkout. */
  async cli(args: readonly string[], options: CliOptions = {}): Promise<Failure> {
    const env = { HOME: this.folder, ...options.env };
    const { status, stdout, stderr } = await cli(args, { ...options, env });
    const lines = stderr.split('\n').flatMap((line) => /^verity-sign: (.*)$/.exec(line)?.[1] ?? []);
    return { status, lines, output: stdout };
  }

  /** `sign` with a usable key. */
  sign(image: string, more: readonly string[] = [], options?: CliOptions): Promise<Failure> {
    return this.cli(['sign', image, ...this.key(), ...more], options);
  }

  rootHash(image: string, more: readonly string[] = [], options?: CliOptions): Promise<Failure> {
    return this.cli(['root-hash', image, ...more], options);
  }

  /** Runs the Action that signs. */
  async action(inputs: Record<string, string>, programs: readonly string[] = []): Promise<Failure> {
    const machine = new RunnerMachine(ACTION);
    try {
      for (const name of programs) machine.program(name, { script: wrapper(toolPath(name)) });
      const summary = join(machine.folder, 'summary');
      writeFileSync(summary, '');
      const given = { 'show-summary': 'true', ...inputs };
      const { status, errors } = await machine.run(given, { GITHUB_STEP_SUMMARY: summary });
      if (status !== 1) throw new Error(`the Action ended with ${status}`);
      // A run that fails before it knows `show-summary` writes none.
      const part = /docs\/troubleshooting\.md#([\w-]+)>?\)/.exec(readFileSync(summary, 'utf8'))?.[1];
      return { ...(part === undefined ? {} : { part }), lines: errors };
    } finally {
      machine.remove();
    }
  }

  /** Runs `work` with the image in a new repository of a registry, seen through a proxy that fails as `decide` says. */
  async withRegistry(
    decide: (request: SeenRequest) => Fault | undefined,
    work: (reference: string) => Promise<Failure>,
    kind: RegistryKind = 'referrers-api',
  ): Promise<Failure> {
    const registry = this.#registries.get(kind);
    if (registry === undefined) throw new TypeError('no registry');
    const repository = `case/${this.#made++}`;
    await copyToRegistry(`${join(this.folder, 'layout')}:vectors`, `${registry.host}/${repository}:1`);
    const proxy = await startFaultyProxy(registry.host, decide);
    try {
      return await work(`${proxy.host}/${repository}:1`);
    } finally {
      await proxy.stop();
    }
  }

  /** Options by which the CLI finds a docker CLI with this daemon behind it. */
  docker(daemon: FakeDaemon): CliOptions {
    const { folder } = fakeDocker(this.scratch(), daemon);
    return { env: { PATH: `${folder}:${toolsPath()}` } };
  }

  /**
   * An executable shell script that stands in for a program. It runs in a folder of its own, so that nothing
   * that it writes by mistake lands in the checkout. `body` may use `$IMAGE`, the last argument if that is an
   * absolute path, else empty.
   */
  script(name: string, body: string): string {
    const folder = this.scratch();
    const path = join(folder, name);
    const lines = ['#!/bin/sh', '# Strict fake for one case.', ...fakePrologue(folder), body];
    writeFileSync(path, `${lines.join('\n')}\n`, { mode: 0o755 });
    return path;
  }
}

function wrapper(path: string): string {
  return `#!/bin/sh\nexec '${path}' "$@"\n`;
}

/** Copies an image of a layout. */
async function copyToRegistry(source: string, target: string): Promise<void> {
  const argv = [toolPath('oras'), 'cp', '--from-oci-layout', source, '--to-plain-http', target];
  await run(argv, { env: toolEnvironment({ HOME: tmpdir() }) });
}

/** Runs `work` with a new layout. */
export async function withLayout<T>(work: (writer: ImageWriter) => Promise<T>): Promise<T> {
  const writer = await ImageWriter.create();
  try {
    return await work(writer);
  } finally {
    await writer.remove();
  }
}
