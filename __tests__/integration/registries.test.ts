import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { run } from '../../src/lib/process/run.ts';
import { type RegistryKind, startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';

interface Attached {
  subject: string;
  referrer: string;
}

describe('the registries that tests run against', () => {
  let folder: string;
  let registry: TestRegistry | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'registries-test-'));
    await writeFile(join(folder, 'file'), 'content');
  });

  afterEach(async () => {
    await registry?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function oras(program: string, ...args: string[]): Promise<string> {
    const env = toolEnvironment({ HOME: folder });
    return (await run([toolPath(program), ...args], { env, cwd: folder })).stdout.toString().trim();
  }

  async function attach(program: string, kind: RegistryKind): Promise<Attached & { repository: string }> {
    registry = await startRegistry(kind);
    const repository = `${registry.host}/some/image`;
    await oras(program, 'push', '--plain-http', `${repository}:1`, 'file');
    const subject = await oras(program, 'resolve', '--plain-http', `${repository}:1`);
    const flags = [
      '--plain-http',
      '--artifact-type',
      'application/x.test',
      '--format',
      'go-template={{.digest}}',
    ];
    const referrer = await oras(program, 'attach', ...flags, `${repository}@${subject}`, 'file');
    return { subject, referrer, repository };
  }

  test.each(['oras', 'oras-1.2'])('%s uses the referrers API where it is', async (program) => {
    const { subject, referrer, repository } = await attach(program, 'referrers-api');
    expect(await oras(program, 'repo', 'tags', '--plain-http', repository)).toBe('1');
    const answer = await fetch(`http://${registry?.host}/v2/some/image/referrers/${subject}`);
    expect(await answer.json()).toMatchObject({
      manifests: [{ digest: referrer, artifactType: 'application/x.test' }],
    });
  });

  test.each(['oras', 'oras-1.2'])('%s uses the fallback tag where the API is not', async (program) => {
    const { subject, repository } = await attach(program, 'fallback-tag');
    const tags = await oras(program, 'repo', 'tags', '--plain-http', repository);
    expect(tags.split('\n').sort()).toEqual(['1', subject.replace(':', '-')].sort());
    const answer = await fetch(`http://${registry?.host}/v2/some/image/referrers/${subject}`);
    expect(answer.status).toBe(404);
  });

  test('the one with the API says OCI-Subject, filters, and knows no referrers of what it never saw', async () => {
    const { subject, referrer } = await attach('oras', 'referrers-api');
    const base = `http://${registry?.host}/v2/some/image`;
    const manifest = await (await fetch(`${base}/manifests/${referrer}`)).text();
    const type = 'application/vnd.oci.image.manifest.v1+json';
    const put = await fetch(`${base}/manifests/${referrer}`, {
      method: 'PUT',
      headers: { 'content-type': type },
      body: manifest,
    });
    expect(put.headers.get('oci-subject')).toBe(subject);
    for (const [artifactType, count] of [
      ['application/x.test', 1],
      ['application/x.other', 0],
    ] as const) {
      const filtered = await fetch(`${base}/referrers/${subject}?artifactType=${artifactType}`);
      expect(filtered.headers.get('oci-filters-applied')).toBe('artifactType');
      expect(((await filtered.json()) as { manifests: unknown[] }).manifests).toHaveLength(count);
    }
    const unknown = await fetch(`http://${registry?.host}/v2/never/seen/referrers/${subject}`);
    expect(unknown.status).toBe(200);
    expect(await unknown.json()).toMatchObject({ manifests: [] });
  });

  test('the one without the API can ask for a password', async () => {
    registry = await startRegistry('fallback-tag', { htpasswd: { user: 'someone', password: 'a b"c' } });
    const check = async (password: string): Promise<number> => {
      const authorization = `Basic ${Buffer.from(`someone:${password}`).toString('base64')}`;
      return (await fetch(`http://${registry?.host}/v2/`, { headers: { authorization } })).status;
    };
    expect(await check('a b"c')).toBe(200);
    expect(await check('wrong')).toBe(401);
  });
});
