/** Fault 78: images, certificates and referrers full of orders, through every command and both Actions. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { SignReport } from '../../src/report/report.ts';
import type { InspectReport, VerifyReport } from '../../src/report/verify-report.ts';
import { everything, MARKUP, ORDERS, UNSEEN_SAMPLES } from '../helpers/hostile-text.ts';
import { ImageWriter, OCI, sha256 } from '../helpers/image-writer.ts';
import { CA, CertificateMaker, SIGNER } from '../helpers/made-certificates.ts';
import { expectInert, type ObservedRun, observeAction, observeCli } from '../helpers/observed-run.ts';
import { pki } from '../helpers/pki.ts';
import { paxHeader, rawEntry, rawTar } from '../helpers/raw-tar.ts';
import { testFolder } from '../helpers/temp.ts';

const folder = testFolder();
/** Everything hostile, and where it is from. */
const evil = (source: string): string => `from-${source} ${everything('\n')}`;
/** For what must be one line: annotations of the user. */
const evilLine = (source: string): string => evil(source).replaceAll(/[\r\n\u2028\u2029]/g, ' ');

/** GitHub's variables, which end in annotations. */
const CI = {
  GITHUB_ACTIONS: 'true',
  GITHUB_SERVER_URL: 'https://github.example',
  GITHUB_REPOSITORY: `evil/${evil('repository')}`,
  GITHUB_SHA: evil('sha'),
  GITHUB_WORKFLOW_REF: evil('workflow'),
  GITHUB_RUN_ID: evil('run'),
};
const platform = { os: 'linux', architecture: evil('architecture'), variant: `v${evil('variant')}` };
const PLATFORM = `linux/${platform.architecture}/${platform.variant}`;
let writer: ImageWriter;
let signer: { key: string; certificate: string };
/** A root that has issued none of the certificates here. */
let stranger: string;

/** A subject with all orders: openssl ends an attribute at a slash, and a plus joins two. */
function subject(): string {
  const texts = ['from-subject', ...ORDERS, UNSEEN_SAMPLES, ...MARKUP];
  const described = texts.map((text) => `/description=${text.replaceAll(/[\\/+]/g, '\\$&')}`);
  return `/O=evil ##vso[x.y]/CN=::error::evil${described.join('')}`;
}

/** A tar of entries that EROFS builders leave out; warnings name them. */
function droppingTar(): Buffer {
  const names = [evil('entry'), ...ORDERS, ...MARKUP];
  const entries = names.flatMap((path) => [paxHeader({ path }), rawEntry({ name: 'x', typeflag: 'S' })]);
  return rawTar(...entries, { name: 'usr/file', data: Buffer.from('x') });
}

beforeAll(async () => {
  stranger = join((await pki()).dir, 'root.pem');
  const maker = new CertificateMaker(folder);
  await maker.make({ name: 'ca', extensions: CA, subject: subject() });
  await maker.make({ name: 'evil', issuer: 'ca', extensions: SIGNER, subject: subject() });
  signer = { key: maker.path('evil', 'key'), certificate: maker.path('evil', 'full.pem') };

  writer = await ImageWriter.create();
  const image = await writer.image({ platform, layers: [{ bytes: droppingTar(), mediaType: OCI.layer }] });
  const foreign = {
    ...{ os: evil('os'), architecture: evil('foreign'), variant: evil('variant') },
    ...{ 'os.version': evil('version'), 'os.features': [evil('feature')] },
  };
  const unknown = { os: evil('unknown'), architecture: 'unknown' };
  const entries = [
    { ...image, platform },
    { ...(await writer.image({ platform: foreign })), platform: foreign },
    {
      ...(await writer.image({ layers: ['c'] })),
      platform: unknown,
      annotations: { 'vnd.docker.reference.type': 'attestation-manifest', [evil('key')]: evil('value') },
    },
  ];
  await writer.add(await writer.index(entries), 'evil');
});
afterAll(() => writer.remove());

function copy(name: string): string {
  const layout = join(folder, name);
  cpSync(writer.directory, layout, { recursive: true });
  return `oci:${layout}:evil`;
}

function expectSuccess({ status, stdout, stderr }: ObservedRun, wanted = 0): void {
  expect({ status, shown: status === wanted ? '' : stdout + stderr }).toEqual({ status: wanted, shown: '' });
}

const signing = (image: string) => [
  ...['sign', image, '--key', signer.key, '--certificate', signer.certificate, '--layers', 'auto'],
  ...['--manifest-signature', 'jws', '--builder', 'native', '--annotations', `note=${evilLine('note')}`],
];

describe('fault 78: signing', () => {
  const sources = [
    'from-architecture',
    'from-variant',
    'from-os',
    'from-unknown',
    'from-subject',
    'from-entry',
  ];

  test('CLI: table, log and report', async () => {
    const run = await observeCli(folder, signing(copy('by-cli')), CI);
    expectInert(run, sources);
    expectSuccess(run);
    const [report] = JSON.parse(run.report ?? '') as SignReport[];
    expect(report?.artifacts[0]?.platform).toBe(PLATFORM);
    expect(report?.signer?.subject).toContain('O=evil ##vso[x.y]');
  });

  test('Action: log, summary, outputs and report', async () => {
    const inputs = {
      ...{ image: copy('by-action'), key: signer.key, certificate: signer.certificate, layers: 'auto' },
      ...{ 'manifest-signature': 'jws', annotations: `note=${evilLine('note')}` },
    };
    const run = await observeAction(folder, 'action', inputs, CI);
    expectInert(run, sources);
    expectSuccess(run);
    for (const source of sources) expect(run.summary).toContain(source.replaceAll('-', '&#45;'));
    const [hash] = JSON.parse(run.outputs['root-hashes'] ?? '');
    expect(hash.platform).toBe(PLATFORM);
  });

  test.each(['root-hash', 'root-hash --json'])('%s: table or JSON', async (command) => {
    const [name = '', ...more] = command.split(' ');
    const run = await observeCli(folder, [
      name,
      copy(command.replaceAll(' ', '')),
      '--builder',
      'native',
      ...more,
    ]);
    expectInert(run, ['from-entry']);
    expectSuccess(run);
  });
});

describe('fault 78: the referrers of a stranger', () => {
  let image: string;
  const own = 'io.github.verity-sign.';

  beforeAll(async () => {
    image = copy('signed');
    expectSuccess(await observeCli(folder, signing(image), CI));
    addReferrers(join(folder, 'signed'));
  });

  /** Copies of each referrer with hostile annotations, media types and layers. */
  function addReferrers(layout: string): void {
    const path = join(layout, 'index.json');
    const index = JSON.parse(readFileSync(path, 'utf8'));
    const blob = (digest: string): string => join(layout, 'blobs', ...digest.split(':'));
    const add = (listed: { digest: string }, change: (manifest: Manifest) => void): void => {
      const manifest = JSON.parse(readFileSync(blob(listed.digest), 'utf8'));
      change(manifest);
      const bytes = Buffer.from(JSON.stringify(manifest));
      writeFileSync(blob(sha256(bytes)), bytes);
      index.manifests.push({ ...listed, digest: sha256(bytes), size: bytes.length });
    };
    const referrers = index.manifests.filter(
      (one: { artifactType?: string }) => one.artifactType !== undefined,
    );
    expect(referrers.length).toBeGreaterThan(1);
    for (const referrer of referrers) {
      add(referrer, ({ annotations }) => {
        for (const key of Object.keys(annotations)) {
          if (key.startsWith(own) || key.endsWith('.created'))
            annotations[key] = evil(key.slice(key.lastIndexOf('.') + 1));
        }
        annotations[evil('key')] = evil('value');
      });
      add(referrer, (manifest) => {
        for (const layer of manifest.layers) {
          layer.mediaType = evil('media-type');
          for (const key of Object.keys(layer.annotations ?? {}))
            layer.annotations[key] = evil('layer-annotation');
        }
      });
      add(referrer, (manifest) => {
        manifest.config.mediaType = evil('config-type');
      });
    }
    writeFileSync(path, JSON.stringify(index));
  }

  interface Manifest {
    config: { mediaType: string };
    annotations: Record<string, string>;
    layers: { mediaType: string; annotations: Record<string, string> }[];
  }

  const verifying = ['--builder', 'native'];

  test('verify: table, log and report', async () => {
    const run = await observeCli(folder, ['verify', image, '--trusted-certificate', stranger, ...verifying]);
    expectInert(run, ['from-architecture', 'from-subject', 'from-media-type']);
    expect(run.status).toBeGreaterThanOrEqual(10);
    const [report] = JSON.parse(run.report ?? '') as VerifyReport[];
    expect(report?.platforms[0]?.platform).toBe(PLATFORM);
  });

  test('verify Action: log, summary, outputs and report', async () => {
    const run = await observeAction(folder, 'verify-action', { image, 'trusted-certificate': stranger });
    expectInert(run, ['from-architecture', 'from-subject', 'from-media-type']);
    expect(run.summary).toContain('from&#45;subject');
    expect(run.status).toBe(1);
  });

  test('inspect: table', async () => {
    const run = await observeCli(folder, ['inspect', image]);
    expectInert(run, [
      'from-subject',
      'from-profile',
      'from-mkfs-options',
      'from-created',
      'from-layer-annotation',
    ]);
    expectSuccess(run);
  });

  test('inspect --json: every value is exact', async () => {
    const run = await observeCli(folder, ['inspect', image, '--json']);
    expectInert(run, ['from-subject']);
    const [report] = JSON.parse(run.stdout) as InspectReport[];
    const profiles = report?.platforms[0]?.signatures.map(({ profile }) => profile);
    expect(profiles).toContain(evil('profile'));
  });
});
