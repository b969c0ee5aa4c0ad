import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import type { Descriptor } from '../../src/model/index.ts';
import type { SignatureManifest } from '../../src/oci/attach/artifact.ts';
import { cli, cliOk } from '../helpers/cli.ts';
import { pki } from '../helpers/pki.ts';
import { testFolder } from '../helpers/temp.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

const folder = testFolder();
let key: string[];
let trust: string[];

const WORKFLOW = {
  GITHUB_ACTIONS: 'true',
  GITHUB_SERVER_URL: 'https://ghes.example',
  GITHUB_REPOSITORY: 'team/app',
  GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
  GITHUB_WORKFLOW_REF: 'team/app/.github/workflows/release.yml@refs/heads/main',
  GITHUB_RUN_ID: '42',
  GITHUB_RUN_ATTEMPT: '1',
  SOURCE_DATE_EPOCH: '1700000000',
};
const RECORDED = {
  'io.github.verity-sign.source': 'https://ghes.example/team/app',
  'io.github.verity-sign.revision': WORKFLOW.GITHUB_SHA,
  'io.github.verity-sign.workflow': WORKFLOW.GITHUB_WORKFLOW_REF,
  'io.github.verity-sign.run-url': 'https://ghes.example/team/app/actions/runs/42/attempts/1',
};

beforeAll(async () => {
  const { keyPath, fullChainPath, caPath } = (await pki()).leaf('p256');
  key = ['--key', keyPath, '--certificate', fullChainPath, '--manifest-signature', 'jws'];
  trust = ['--trusted-certificate', caPath];
});

async function layout(name: string): Promise<string> {
  const path = join(folder, name);
  mkdirSync(path);
  await writeVectorImage(path, ['links-gzip']);
  return path;
}

/** The annotations of what is attached, by the last word of the artifact type. */
function attached(path: string): Record<string, Record<string, string>> {
  const read = <T>(name: string): T => JSON.parse(readFileSync(join(path, name), 'utf8')) as T;
  const { manifests } = read<{ manifests: Descriptor[] }>('index.json');
  const referrers = manifests.filter(({ artifactType }) => artifactType !== undefined);
  return Object.fromEntries(
    referrers.map(({ digest, artifactType = '' }) => [
      artifactType.slice(artifactType.lastIndexOf('.') + 1),
      read<SignatureManifest>(`blobs/${digest.replace(':', '/')}`).annotations,
    ]),
  );
}

test('both kinds of signatures say where they were made, beside the annotations that were asked for', async () => {
  const path = await layout('workflow');
  const extra = [
    '--annotations',
    'org.opencontainers.image.source=https://git.example/app',
    '--annotations',
    'team=a=b, c',
  ];
  await cliOk(['sign', `oci:${path}`, ...key, ...extra], { env: WORKFLOW });
  const { 'dm-verity': layers, signature } = attached(path);
  const asked = { 'org.opencontainers.image.source': 'https://git.example/app', team: 'a=b, c' };
  const created = { 'org.opencontainers.image.created': '2023-11-14T22:13:20Z' };
  expect(layers).toMatchObject({ ...RECORDED, ...asked, ...created });
  expect(signature).toMatchObject({ ...RECORDED, ...asked, ...created });
  await cliOk(['verify', `oci:${path}`, ...trust, '--manifest-signature', 'required']);
});

test('outside of a workflow nothing is recorded of it, nor of what only looks like one', async () => {
  const path = await layout('elsewhere');
  await cliOk(['sign', `oci:${path}`, ...key], { env: { ...WORKFLOW, GITHUB_ACTIONS: '' } });
  for (const annotations of Object.values(attached(path))) {
    expect(Object.keys(annotations).filter((name) => name in RECORDED)).toEqual([]);
  }
});

test.each([
  'io.github.verity-sign.source=https://other.example',
  'io.cncf.notary.dm-verity.signature=false',
  'org.opencontainers.image.created=2020-01-01T00:00:00Z',
])('%s cannot be set', async (annotation) => {
  const { status, stderr } = await cli(['sign', 'oci:/nowhere', ...key, '--annotations', annotation]);
  expect([status, stderr.includes(annotation.slice(0, annotation.indexOf('=')))]).toEqual([2, true]);
});
