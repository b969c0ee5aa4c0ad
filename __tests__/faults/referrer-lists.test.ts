import { readdir } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { cli } from '../helpers/cli.ts';
import { type Fault, type FaultyProxy, type SeenRequest, startFaultyProxy } from '../helpers/faulty-proxy.ts';
import { startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { attachedBy, emptyIndex, indexHeaders, OUR_TYPES, RegistryImage } from '../helpers/registry-image.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolPath } from '../helpers/tools.ts';

const folder = testFolder();
let withTag: TestRegistry;
let withApi: TestRegistry;
let image: RegistryImage;
let proxy: FaultyProxy | undefined;

beforeAll(async () => {
  [withTag, withApi] = [await startRegistry('fallback-tag'), await startRegistry('referrers-api')];
  image = await RegistryImage.write(folder);
});
afterAll(async () => {
  await withTag.stop();
  await withApi.stop();
});
afterEach(async () => {
  await proxy?.stop();
  proxy = undefined;
  // Nothing is left of the runs, whatever they came to.
  expect((await readdir(folder)).filter((name) => name.startsWith('verity-sign-'))).toEqual([]);
});

async function through(host: string, decide: (request: SeenRequest) => Fault | undefined): Promise<string> {
  proxy = await startFaultyProxy(host, decide);
  return proxy.host;
}

const isReferrers = ({ path }: SeenRequest): boolean => path.includes('/referrers/');
const answerNothing = (request: SeenRequest): Fault | undefined =>
  isReferrers(request) ? { status: 200, body: emptyIndex, headers: indexHeaders } : undefined;

describe('fault 88: the referrers API answers with an empty list', () => {
  const more = ['--manifest-signature', 'cose'];

  test.each([
    ['over a registry without the API', () => withTag.host],
    ['over a registry that stores what it does not list', () => withApi.host],
  ])('%s: signed, found, reused', async (_what, host) => {
    const repository = await image.push(host());
    const name = `${await through(host(), answerNothing)}/${repository}:1`;
    const first = await image.sign(name, ...more);
    expect(first).toMatchObject({ status: 0 });
    const { digests, attached } = attachedBy(first.report);
    expect(attached).toBe(2);
    const listed = (await image.underTag(host(), repository)) ?? [];
    expect(listed.map(({ digest }) => digest).sort()).toEqual([...digests].sort());

    expect(await image.verify(name)).toMatchObject({ status: 0 });
    const inspected = await cli(['inspect', name, '--plain-http', '--oras-path', toolPath('oras')]);
    expect(inspected).toMatchObject({ status: 0, stdout: expect.stringContaining('containerd') });

    const again = await image.sign(name, ...more);
    expect(again).toMatchObject({ status: 0 });
    expect(attachedBy(again.report)).toEqual({ digests, attached: 0 });
    expect(await image.underTag(host(), repository)).toHaveLength(2);
  });

  test('push-to lists its referrers and finds them', async () => {
    const name = `${await through(withApi.host, answerNothing)}/gate/empty:1`;
    const result = await image.sign(`oci:${image.layout}`, '--push-to', name, ...more);
    expect(result).toMatchObject({ status: 0 });
    expect(await image.verify(name)).toMatchObject({ status: 0 });
  });

  test('what other clients listed under the tag is found as well', async () => {
    const repository = await image.push(withTag.host);
    expect(await image.sign(`${withTag.host}/${repository}:1`)).toMatchObject({ status: 0 });
    const name = `${await through(withTag.host, answerNothing)}/${repository}:1`;
    expect(await image.verify(name)).toMatchObject({ status: 0 });
    // Only the mode auto looks in both places.
    expect(await image.verify(name, '--referrers', 'tag')).toMatchObject({ status: 0 });
    expect(await image.verify(name, '--referrers', 'api')).toMatchObject({ status: 10 });
  });

  test('with referrers: api nothing is listed elsewhere, and the run fails', async () => {
    const repository = await image.push(withTag.host);
    const name = `${await through(withTag.host, answerNothing)}/${repository}:1`;
    const { status, stderr } = await image.sign(name, '--referrers', 'api');
    expect(stderr).toMatch(/was pushed, but the list has no referrer of the image\. Set referrers to tag/);
    expect(status).toBe(6);
    expect(await image.underTag(withTag.host, repository)).toBeUndefined();
  });
});

describe('fault 89: lists that name another artifact type', () => {
  const TYPES = [
    undefined,
    '',
    'application/vnd.oci.empty.v1+json',
    'application/vnd.oci.image.config.v1+json',
  ];

  /** The list with another type in each of our entries. */
  const retyped =
    (type: string | undefined) =>
    (body: Buffer): Buffer => {
      const index = JSON.parse(body.toString());
      for (const entry of index.manifests ?? []) {
        if (!OUR_TYPES.includes(entry.artifactType)) continue;
        entry.artifactType = type;
        delete entry.annotations;
      }
      return Buffer.from(JSON.stringify(index));
    };

  test.each(TYPES)('the API: %s', async (type) => {
    const repository = await image.push(withApi.host);
    const name = `${await through(withApi.host, (request) => (isReferrers(request) ? { change: retyped(type) } : undefined))}/${repository}:1`;
    const first = await image.sign(name, '--manifest-signature', 'jws');
    expect(first).toMatchObject({ status: 0 });
    expect(await image.verify(name)).toMatchObject({ status: 0 });
    const again = await image.sign(name, '--manifest-signature', 'jws');
    expect(attachedBy(again.report)).toEqual({ ...attachedBy(first.report), attached: 0 });
  });

  test.each(TYPES)('the fallback tag: %s', async (type) => {
    const repository = await image.push(withTag.host);
    const name = `${withTag.host}/${repository}:1`;
    const first = await image.sign(name);
    expect(first).toMatchObject({ status: 0 });
    const listed = (await image.underTag(withTag.host, repository)) ?? [];
    // Beside it, a referrer of another kind and something that is no signature manifest.
    const subject = {
      mediaType: image.subject.mediaType,
      digest: image.subject.digest,
      size: image.subject.size,
    };
    await image.setUnderTag(withTag.host, repository, [
      ...listed.map(({ annotations, artifactType, ...entry }) => ({ ...entry, artifactType: type })),
      { ...subject, artifactType: type },
    ]);
    const { status, stdout, stderr } = await image.verify(name);
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).not.toContain('INVALID');
    const again = await image.sign(name);
    expect(attachedBy(again.report)).toEqual({ ...attachedBy(first.report), attached: 0 });
  });
});

describe('fault 90: a listed referrer whose manifest is gone', () => {
  const remove = async (repository: string, digest: string): Promise<void> => {
    const url = `http://${withTag.host}/v2/${repository}/manifests/${digest}`;
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(202);
  };

  test('reported and left out by verify; the next write of sign heals the list', async () => {
    const repository = await image.push(withTag.host);
    const name = `${withTag.host}/${repository}:1`;
    const [gone = ''] = attachedBy((await image.sign(name)).report).digests;
    await remove(repository, gone);

    const verified = await image.verify(name);
    expect(verified).toMatchObject({ status: 10, stderr: expect.stringContaining(`lists ${gone}`) });
    expect(verified.stdout).not.toContain('INVALID');

    const signed = await image.sign(name);
    expect(signed).toMatchObject({ status: 0, stderr: expect.stringContaining(`lists ${gone}`) });
    const { digests } = attachedBy(signed.report);
    const listed = (await image.underTag(withTag.host, repository)) ?? [];
    expect(listed.map(({ digest }) => digest)).toEqual(digests);
    const healed = await image.verify(name);
    expect(healed).toMatchObject({ status: 0 });
    expect(healed.stderr).not.toContain('no longer has it');
  });

  test('beside a good one, and of any type; push-to heals the list too', async () => {
    const repository = await image.push(withTag.host);
    const name = `${withTag.host}/${repository}:1`;
    const first = await image.sign(name, '--manifest-signature', 'cose');
    const [layers = '', notary = ''] = attachedBy(first.report).digests;
    const listed = (await image.underTag(withTag.host, repository)) ?? [];
    const other = await image.putIndex(withTag.host, repository);
    await image.setUnderTag(withTag.host, repository, [
      ...listed,
      { ...other, artifactType: 'application/x' },
    ]);
    for (const { digest } of [other, { digest: notary }]) await remove(repository, digest);
    expect(await image.verify(name)).toMatchObject({ status: 0 });

    const result = await image.sign(`oci:${image.layout}`, '--push-to', `${withTag.host}/${repository}:2`);
    expect(result).toMatchObject({ status: 0 });
    const [pushed = ''] = attachedBy(result.report).digests;
    const healed = (await image.underTag(withTag.host, repository)) ?? [];
    const digests = healed.map(({ digest }) => digest);
    // The layout may have other referrers, of tests before this one.
    expect(digests).toEqual(expect.arrayContaining([layers, pushed]));
    for (const gone of [notary, other.digest]) expect(digests).not.toContain(gone);
    expect(await image.verify(name)).toMatchObject({ status: 0 });
  });
});
