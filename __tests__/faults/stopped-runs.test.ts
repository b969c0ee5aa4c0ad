/** SIGKILL and SIGTERM at many points of a run of the CLI: no half artifact, and the next run completes the work. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { run } from '../../src/lib/process/run.ts';
import type { Descriptor } from '../../src/model/index.ts';
import { attachedIn, DM_VERITY, NOTARY } from '../helpers/attached-signatures.ts';
import { type CliResult, cli, cliOk } from '../helpers/cli.ts';
import { type Fault, type FaultyProxy, type SeenRequest, startFaultyProxy } from '../helpers/faulty-proxy.ts';
import { expectIntact } from '../helpers/intact-layout.ts';
import { type LeafFiles, pki } from '../helpers/pki.ts';
import { type RegistryKind, startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { signaturesIn } from '../helpers/registry-signatures.ts';
import { changesOf, type Signal, stoppedAt } from '../helpers/stopped/stopped-run.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

const folder = testFolder();
const pristine = join(folder, 'pristine');
let files: LeafFiles;
let image: Descriptor;

beforeAll(async () => {
  files = (await pki()).leaf('p256');
  image = await writeVectorImage(pristine, ['simple-gzip', 'whiteouts-zstd']);
});

/** A copy of the image in a layout and an archive, each in a folder of its own, and one for temporary files. */
function place(): Record<'layout' | 'archive' | 'temp', string> {
  const own = mkdtempSync(join(folder, 'case-'));
  const layout = join(own, 'layout');
  const archive = join(own, 'archive/image.tar');
  cpSync(pristine, layout, { recursive: true });
  for (const name of ['archive', 'temp']) mkdirSync(join(own, name));
  execFileSync('tar', ['-cf', archive, '-C', layout, '.']);
  return { layout, archive, temp: join(own, 'temp') };
}

const newTemp = (): string => mkdtempSync(join(folder, 'temp-'));

/** Work for 1, 1 + `every` and so on up to a number, four at a time: runs wait for registries and disks. */
async function atEach(last: number, every: number, work: (nth: number) => Promise<void>): Promise<void> {
  const all = Array.from({ length: Math.ceil(last / every) }, (_, index) => 1 + index * every);
  while (all.length > 0) await Promise.all(all.splice(0, 4).map(work));
}

const signing = (reference: string, temp: string): string[] => [
  ...['sign', reference, '--key', files.keyPath, '--certificate', files.fullChainPath],
  ...['--manifest-signature', 'jws', '--temp-dir', temp],
];
const verifying = (reference: string, more: readonly string[] = []): string[] => [
  ...['verify', reference, '--trusted-certificate', files.caPath, ...more],
];

/** A run that was stopped, or had come to its end before the signal did. */
function expectStopped({ status, stderr }: CliResult, signal: Signal): void {
  if (status !== 0) expect([status, stderr]).toEqual([signal === 'SIGTERM' ? 130 : null, stderr]);
  expect(stderr).not.toContain('Internal error');
}

/** Both signatures are there, each once, and nothing else that a run wrote. */
function expectComplete(layout: string): void {
  expect(expectIntact(layout)).toEqual([]);
  const types = attachedIn(layout).map(({ artifactType }) => artifactType);
  expect(types.sort()).toEqual([NOTARY, DM_VERITY].sort());
}

/** The layout in an archive, unpacked. */
function unpacked(archive: string): string {
  const layout = mkdtempSync(join(folder, 'unpacked-'));
  execFileSync('tar', ['-xf', archive, '-C', layout]);
  return layout;
}

describe.each<[Signal, number]>([
  ['SIGKILL', 2],
  ['SIGTERM', 6],
])('%s', (signal, every) => {
  test('fault 64: while a layout is written', async () => {
    const first = place();
    const changes = await changesOf(signing(`oci:${first.layout}`, first.temp), first.layout);
    expect(changes.length).toBeGreaterThan(30);
    await atEach(changes.length, every, async (nth) => {
      const { layout, temp } = place();
      expectStopped(await stoppedAt(signing(`oci:${layout}`, temp), layout, nth, signal), signal);
      const strays = expectIntact(layout);
      if (signal === 'SIGTERM') expect([...strays, ...readdirSync(temp)]).toEqual([]);
      await cliOk(signing(`oci:${layout}`, temp));
      expectComplete(layout);
      expect(readdirSync(temp)).toEqual([]);
      if (nth % 10 === 1) await cliOk(verifying(`oci:${layout}`));
    });
  }, 1_200_000);

  test('fault 64: while an archive is written', async () => {
    const first = place();
    const args = signing(`oci-archive:${first.archive}`, first.temp);
    const changes = await changesOf(args, join(first.archive, '..'));
    expect(changes.length).toBeGreaterThan(4);
    await atEach(changes.length, Math.ceil(every / 2), async (nth) => {
      const { archive, temp } = place();
      const beside = join(archive, '..');
      expectStopped(await stoppedAt(signing(`oci-archive:${archive}`, temp), beside, nth, signal), signal);
      expectIntact(unpacked(archive));
      if (signal === 'SIGTERM') expect([readdirSync(beside), readdirSync(temp)]).toEqual([['image.tar'], []]);
      await cliOk(signing(`oci-archive:${archive}`, temp));
      expect([readdirSync(beside), readdirSync(temp)]).toEqual([['image.tar'], []]);
      expectComplete(unpacked(archive));
    });
  }, 1_200_000);
});

const isWrite = ({ method }: SeenRequest): boolean => ['POST', 'PUT', 'PATCH'].includes(method);

describe.each<RegistryKind>(['referrers-api', 'fallback-tag'])('in a registry: %s', (kind) => {
  let registry: TestRegistry;
  beforeAll(async () => {
    registry = await startRegistry(kind);
  });
  afterAll(() => registry.stop());

  let repositories = 0;
  /** A new repository with the image. */
  async function pushed(): Promise<string> {
    repositories += 1;
    const repository = `stopped/${repositories}`;
    const copy = ['cp', '--from-oci-layout', `${pristine}:vectors`, '--to-plain-http'];
    await run([toolPath('oras'), ...copy, `${registry.host}/${repository}:1`], {
      env: toolEnvironment({ HOME: folder }),
    });
    return repository;
  }

  const plain = ['--plain-http', '--oras-path', toolPath('oras')];
  const sign = (host: string, repository: string, temp: string): string[] => [
    ...signing(`${host}/${repository}:1`, temp),
    ...plain,
  ];

  /** The requests of a whole run that write something. */
  async function writes(): Promise<SeenRequest[]> {
    const proxy = await startFaultyProxy(registry.host, () => undefined);
    await cliOk(sign(proxy.host, await pushed(), newTemp()));
    await proxy.stop();
    return proxy.requests.filter(isWrite);
  }

  /**
   * Runs a command line through a proxy that sends the signal at the nth request that writes, and then does as
   * `fault` says. A registry that has a blob from another repository gets fewer requests.
   */
  async function stopped(
    args: (host: string) => string[],
    nth: number,
    signal: Signal,
    fault: (stop: () => void) => Fault,
  ): Promise<void> {
    let seen = 0;
    let stop = (): void => undefined;
    const proxy: FaultyProxy = await startFaultyProxy(registry.host, (request) => {
      if (!isWrite(request)) return undefined;
      seen += 1;
      return seen === nth ? fault(() => stop()) : undefined;
    });
    try {
      const onStart = (pid: number): void => {
        stop = () => process.kill(pid, signal);
      };
      expectStopped(await cli(args(proxy.host), { onStart }), signal);
    } finally {
      await proxy.stop();
    }
  }

  /** Kills before the registry gets the request, after it has answered, or asks the run to end. */
  const WAYS: [name: string, Signal, (stop: () => void) => Fault][] = [
    [
      'SIGKILL before a request',
      'SIGKILL',
      (stop) => {
        stop();
        return 'reset';
      },
    ],
    [
      'SIGKILL after a request',
      'SIGKILL',
      (stop) => ({
        change: (body) => {
          stop();
          return body;
        },
      }),
    ],
    [
      'SIGTERM at a request',
      'SIGTERM',
      (stop) => {
        stop();
        return { until: new Promise((resolve) => setTimeout(resolve, 100)) };
      },
    ],
  ];

  test.each(WAYS)(
    'fault 64: %s that writes',
    async (_name, signal, fault) => {
      const all = await writes();
      expect(all.length).toBeGreaterThan(5);
      await atEach(all.length, 2, async (nth) => {
        const repository = await pushed();
        const temp = newTemp();
        await stopped((host) => sign(host, repository, temp), nth, signal, fault);
        const found = await signaturesIn(registry, repository, image.digest);
        expect(found.layers.length).toBeLessThan(2);
        expect(found.manifests.length).toBeLessThan(2);
        if (signal === 'SIGTERM') expect(readdirSync(temp)).toEqual([]);
        await cliOk(sign(registry.host, repository, temp));
        const complete = await signaturesIn(registry, repository, image.digest);
        expect(complete).toEqual({ layers: [expect.any(String)], manifests: [expect.any(String)] });
        // What was listed stays as it was.
        expect(complete).toMatchObject(
          Object.fromEntries(Object.entries(found).filter(([, list]) => list.length > 0)),
        );
        expect(readdirSync(temp)).toEqual([]);
        if (nth % 5 === 1) await cliOk(verifying(`${registry.host}/${repository}:1`, plain));
      });
    },
    1_200_000,
  );
});
