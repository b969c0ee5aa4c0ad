import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { THUMBPRINTS } from '../../src/model/annotations.ts';
import { NOTARY_ARTIFACT_TYPE } from '../../src/model/artifact-types.ts';
import type { Descriptor } from '../../src/model/index.ts';
import { LayoutStore } from '../../src/oci/attach/layout-store.ts';
import { RegistryStore } from '../../src/oci/attach/registry-store.ts';
import { parseSignatureManifest } from '../../src/oci/attach/signature-manifest.ts';
import { Oras } from '../../src/oci/oras/oras.ts';
import {
  checkSigningChain,
  thumbprintsAnnotation,
} from '../../src/signatures/notary/certificates/signing-chain.ts';
import { buildEnvelope } from '../../src/signatures/notary/envelope/build.ts';
import { ENVELOPE_MEDIA_TYPE } from '../../src/signatures/notary/envelope/envelope.ts';
import { parseEnvelope } from '../../src/signatures/notary/envelope/parse.ts';
import { checkIntegrity } from '../../src/signatures/notary/envelope/verify.ts';
import { attachAndReadBack } from '../helpers/attach.ts';
import { ImageWriter, OCI } from '../helpers/image-writer.ts';
import { attachEnvelope, identity, Notation, notaryArtifact, requestFor } from '../helpers/notary.ts';
import { KEY_TYPES, pki } from '../helpers/pki.ts';
import { startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { toolPath } from '../helpers/tools.ts';

const FORMATS = ['jws', 'cose'] as const;
const CASES = KEY_TYPES.flatMap((key) => FORMATS.map((format) => [key, format] as const));

let temp: string;
let writer: ImageWriter;
let notation: Notation;
const images = new Map<string, Descriptor>();

beforeAll(async () => {
  temp = await mkdtemp(join(tmpdir(), 'test-notary-'));
  writer = await ImageWriter.create();
  // One image for each case, so that no signature stands in for another.
  for (const name of CASES.map(String)) {
    images.set(name, await writer.add(await writer.image({ layers: [name] }), name.replace(',', '-')));
  }
  notation = new Notation(join(temp, 'home'));
  const { leaf } = await pki();
  const trusted = ['rsa2048', 'p384', 'selfSigned'].map((name) => leaf(name).caPath);
  await notation.configure({ 'ca:test': trusted });
});

afterAll(async () => {
  await writer.remove();
  await rm(temp, { recursive: true, force: true });
});

function image(name: string): Descriptor {
  const found = images.get(name);
  if (found === undefined) throw new Error(`no image ${name}`);
  return found;
}

async function signed(key: string, format: 'jws' | 'cose', subject: Descriptor, more = {}) {
  const who = await identity(key);
  const bytes = await buildEnvelope(format, requestFor(who, subject, more), who.sign);
  return { bytes, chain: who.chain };
}

describe('notation verifies, under a strict policy, what is signed here', () => {
  test.each(CASES)('%s, %s, in a layout', async (key, format) => {
    const subject = image(`${key},${format}`);
    const store = new LayoutStore(writer.directory);
    await expect(notation.verifyLayout(writer.directory, subject.digest)).rejects.toThrow();
    await attachEnvelope(store, subject, format, await signed(key, format, subject), temp);
    expect(await notation.verifyLayout(writer.directory, subject.digest)).toContain('Successfully verified');
  });

  describe.each(['referrers-api', 'fallback-tag'] as const)('in a registry with %s', (kind) => {
    let registry: TestRegistry;
    let oras: Oras;
    beforeAll(async () => {
      registry = await startRegistry(kind);
      oras = await Oras.open({ path: toolPath('oras'), plainHttp: true });
    });
    afterAll(() => registry.stop());

    test.each(CASES)('%s, %s', async (key, format) => {
      const plain = await writer.image({ layers: [`${kind} ${key} ${format}`] });
      await writer.add(plain, 'next');
      const repository = `${registry.host}/${key}/${format}`;
      await writer.copyTo('next', `${repository}:1`);
      const verify = () => notation.run('verify', '--insecure-registry', `${repository}@${plain.digest}`);
      await expect(verify()).rejects.toThrow('no signature is associated');
      const store = new RegistryStore(oras, repository, temp);
      await attachEnvelope(store, plain, format, await signed(key, format, plain), temp);
      expect(await verify()).toContain('Successfully verified');
    });

    test.each(FORMATS)('an index and a Windows image in it, %s', async (format) => {
      const windows = { os: 'windows', architecture: 'amd64', 'os.version': '10.0.20348.1' };
      const manifest = await writer.image({ layers: [`windows ${kind} ${format}`], platform: windows });
      const index = await writer.index([{ ...manifest, platform: windows }]);
      await writer.add(index, 'list');
      const repository = `${registry.host}/windows/${format}`;
      await writer.copyTo('list', `${repository}:1`);
      const store = new RegistryStore(oras, repository, temp);
      for (const subject of [manifest, index]) {
        await attachEnvelope(store, subject, format, await signed('p256', format, subject), temp);
        const reference = `${repository}@${subject.digest}`;
        expect(await notation.run('verify', '--insecure-registry', reference)).toContain(
          'Successfully verified',
        );
      }
      expect(index.mediaType).toBe(OCI.index);
    });
  });

  test.each(FORMATS)('user metadata, expiry and a self-signed certificate, %s', async (format) => {
    const subject = await writer.image({ layers: [`metadata ${format}`] });
    await writer.add(subject);
    const envelope = await signed('selfSigned', format, subject, {
      target: { ...subject, annotations: { 'com.example.build': '17 <&> ü' } },
      expiry: new Date(Date.now() + 3_600_000),
    });
    await attachEnvelope(new LayoutStore(writer.directory), subject, format, envelope, temp);
    const reference = `${writer.directory}@${subject.digest}`;
    const verify = (value: string) =>
      notation.run(
        'verify',
        '--oci-layout',
        reference,
        '--scope',
        'a/b',
        '-v',
        '-m',
        `com.example.build=${value}`,
      );
    expect(await verify('17 <&> ü')).toContain('Successfully verified');
    await expect(verify('18')).rejects.toThrow('metadata');
  });

  test.each(FORMATS)('but not an expired one, and not one of another manifest, %s', async (format) => {
    const store = new LayoutStore(writer.directory);
    const [late, moved] = [
      await writer.image({ layers: [`late ${format}`] }),
      await writer.image({ layers: [`moved ${format}`] }),
    ];
    await writer.add(late);
    await writer.add(moved);
    const times = { signingTime: new Date(Date.now() - 7_200_000), expiry: new Date(Date.now() - 3_600_000) };
    await attachEnvelope(store, late, format, await signed('p256', format, late, times), temp);
    await expect(notation.verifyLayout(writer.directory, late.digest)).rejects.toThrow('expired');
    await attachEnvelope(store, moved, format, await signed('p256', format, late), temp);
    await expect(notation.verifyLayout(writer.directory, moved.digest)).rejects.toThrow(
      'verification failed',
    );
  });
});

test('in a layout, notation knows a signature by the media type of its config', async () => {
  const subject = await writer.add(await writer.image({ layers: ['config'] }));
  const store = new LayoutStore(writer.directory);
  const envelope = await signed('p256', 'jws', subject);
  const { configType, ...artifact } = notaryArtifact(subject, 'jws', envelope);
  expect(configType).toBe(NOTARY_ARTIFACT_TYPE);
  await attachAndReadBack(store, artifact, temp);
  await expect(notation.verifyLayout(writer.directory, subject.digest)).rejects.toThrow(
    'no signature is associated',
  );
});

describe('what notation signs is read and checked here', () => {
  test.each(CASES)('%s, %s', async (key, format) => {
    const who = await identity(key);
    await notation.addKey(who.files);
    const subject = await writer.image({ layers: [`by notation ${key} ${format}`] });
    await writer.add(subject);
    const reference = `${writer.directory}@${subject.digest}`;
    const options = [
      '--signature-format',
      format,
      '--key',
      key,
      '--expiry',
      '24h',
      '-m',
      'com.example.a=<b>',
    ];
    const before = Math.floor(Date.now() / 1000) * 1000;
    await notation.run('sign', '--oci-layout', ...options, reference);

    const store = new LayoutStore(writer.directory);
    const [referrer, ...others] = await store.list(subject, NOTARY_ARTIFACT_TYPE);
    expect(others).toEqual([]);
    if (referrer === undefined) throw new Error('no referrer');
    const manifest = parseSignatureManifest(await store.fetchManifest(referrer));
    expect(manifest.annotations[THUMBPRINTS]).toBe(thumbprintsAnnotation(who.chain));
    const [layer, ...more] = manifest.layers;
    expect(more).toEqual([]);
    if (layer === undefined) throw new Error('no layer');
    expect(layer.mediaType).toBe(ENVELOPE_MEDIA_TYPE[format]);

    const envelope = parseEnvelope(layer.mediaType, await store.fetchBlob(layer));
    checkIntegrity(envelope);
    checkSigningChain(envelope.chain, new Date());
    const { mediaType, digest, size } = subject;
    expect(envelope.target).toEqual({ mediaType, digest, size, annotations: { 'com.example.a': '<b>' } });
    expect(envelope.chain.map((der) => Buffer.from(der))).toEqual(who.chain.map((der) => Buffer.from(der)));
    expect(envelope).toMatchObject({ format, signingScheme: 'notary.x509', critical: [] });
    expect(envelope.agent).toMatch(/^notation-go\//);
    const signedAt = envelope.signingTime?.getTime() ?? 0;
    expect(signedAt).toBeGreaterThanOrEqual(before);
    expect(envelope.expiry?.getTime()).toBe(signedAt + 86_400_000);
    expect(envelope.timestamp).toBeUndefined();
  });
});
