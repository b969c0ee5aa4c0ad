import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { run } from '../../src/lib/process/run.ts';
import { DM_VERITY_ARTIFACT_TYPE } from '../../src/model/artifact-types.ts';
import type { Descriptor } from '../../src/model/index.ts';
import { type CliResult, cli } from '../helpers/cli.ts';
import { type FaultyProxy, startFaultyProxy } from '../helpers/faulty-proxy.ts';
import { pki } from '../helpers/pki.ts';
import { startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

const INDEX = 'application/vnd.oci.image.index.v1+json';
const folder = testFolder();
let registry: TestRegistry;
let proxy: FaultyProxy | undefined;
let subject: Descriptor;
let images = 0;

beforeAll(async () => {
  registry = await startRegistry('fallback-tag');
  subject = await writeVectorImage(join(folder, 'layout'), ['simple-gzip']);
});
afterAll(() => registry.stop());
afterEach(async () => {
  await proxy?.stop();
  proxy = undefined;
});

/** The image in a new repository, whose name is returned. */
async function pushed(): Promise<string> {
  images += 1;
  const repository = `rivals/${images}`;
  const copy = ['cp', '--from-oci-layout', `${join(folder, 'layout')}:vectors`, '--to-plain-http'];
  await run([toolPath('oras'), ...copy, `${registry.host}/${repository}:1`], {
    env: toolEnvironment({ HOME: folder }),
  });
  return repository;
}

async function sign(host: string, repository: string, who: string): Promise<CliResult> {
  const { keyPath, fullChainPath } = (await pki()).leaf(who);
  const key = ['--key', keyPath, '--certificate', fullChainPath, '--builder', 'native'];
  return cli(['sign', `${host}/${repository}:1`, '--plain-http', '--oras-path', toolPath('oras'), ...key]);
}

const tagUrl = (repository: string): string =>
  `http://${registry.host}/v2/${repository}/manifests/${subject.digest.replace(':', '-')}`;

/** The digests that the fallback tag lists. */
async function listed(repository: string): Promise<string[]> {
  const answer = await fetch(tagUrl(repository), { headers: { accept: INDEX } });
  if (!answer.ok) return [];
  const { manifests } = (await answer.json()) as { manifests: Descriptor[] };
  return manifests
    .filter(({ artifactType }) => artifactType === DM_VERITY_ARTIFACT_TYPE)
    .map(({ digest }) => digest);
}

test("fault 84: a rival's older list lands after the read-back: both signatures remain", async () => {
  const repository = await pushed();
  let arrived = (): void => undefined;
  let release = (): void => undefined;
  const writes = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const until = new Promise<void>((resolve) => {
    release = resolve;
  });
  proxy = await startFaultyProxy(registry.host, ({ method, path }) => {
    if (method !== 'PUT' || !path.includes(`/manifests/${subject.digest.replace(':', '-')}`))
      return undefined;
    arrived();
    return { until };
  });
  const rival = sign(proxy.host, repository, 'rsa2048');
  // The rival has read the list, which is empty, and is about to write it.
  await writes;
  const own = sign(registry.host, repository, 'p256');
  while ((await listed(repository)).length === 0) await sleep(50);
  // By now the list has been read back.
  await sleep(700);
  release();
  const results = await Promise.all([own, rival]);
  expect(results.map(({ status, stderr }) => [status, status === 0 ? '' : stderr])).toEqual([
    [0, ''],
    [0, ''],
  ]);
  expect(await listed(repository)).toHaveLength(2);
});

test('fault 84: a rival that writes its own list again and again: the run fails and says so', async () => {
  const repository = await pushed();
  const own = sign(registry.host, repository, 'p256');
  let over = false;
  void own.then(() => {
    over = true;
  });
  while ((await listed(repository)).length === 0) await sleep(20);
  await sleep(1000);
  while (!over) {
    await fetch(tagUrl(repository), {
      method: 'PUT',
      headers: { 'content-type': INDEX },
      body: JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: [] }),
    });
    await sleep(100);
  }
  const { status, stderr } = await own;
  expect(stderr).toMatch(/no longer lists sha256:\w+ as a referrer of sha256:\w+: another program writes/);
  expect(stderr).toContain('one run at a time');
  expect(status).toBe(6);
});

test('fault 84: no run looks again at a registry with the referrers API, or after nothing was attached', async () => {
  const isLook = ({ path }: { path: string }): boolean =>
    path.includes(`/manifests/${subject.digest.replace(':', '-')}`);
  const looks = (seen: FaultyProxy): number => seen.requests.filter(isLook).length;
  const repository = await pushed();
  expect((await sign(registry.host, repository, 'p256')).status).toBe(0);
  proxy = await startFaultyProxy(registry.host, () => undefined);
  const again = await sign(proxy.host, repository, 'p256');
  expect(again.stderr).toContain('already there, nothing attached');
  // Only the search for signatures reads the list: once, by a tag and then by its digest.
  expect(looks(proxy)).toBeLessThanOrEqual(2);
  await proxy.stop();

  const withApi = await startRegistry('referrers-api');
  try {
    const layout = `${join(folder, 'layout')}:vectors`;
    const copy = ['cp', '--from-oci-layout', layout, '--to-plain-http', `${withApi.host}/app:1`];
    await run([toolPath('oras'), ...copy], { env: toolEnvironment({ HOME: folder }) });
    proxy = await startFaultyProxy(withApi.host, () => undefined);
    expect((await sign(proxy.host, 'app', 'p256')).status).toBe(0);
    // Before it signs, the search reads what may be under the tag (fault 88); nothing reads it afterwards.
    const push = proxy.requests.findIndex(({ method }) => method === 'PUT');
    expect(push).toBeGreaterThan(0);
    expect(proxy.requests.slice(push).filter(isLook)).toEqual([]);
  } finally {
    await withApi.stop();
  }
});
