import { join } from 'node:path';
import type { RunContext, VerifyOptions } from '../../src/commands/shared/options.ts';
import { verifyImage } from '../../src/commands/verify/verify-image.ts';
import { sha256Digest } from '../../src/formats/digest.ts';
import { silentLogger } from '../../src/logger.ts';
import type { Descriptor } from '../../src/model/index.ts';
import type { ContainerdProfile } from '../../src/model/profiles.ts';
import {
  buildArtifact,
  type EncodedArtifact,
  encodeArtifact,
  type LayerEntry,
  type OwnAnnotations,
  type SignatureManifest,
} from '../../src/oci/attach/artifact.ts';
import { OciLayout } from '../../src/oci/layout/oci-layout.ts';
import type { VerifyReport } from '../../src/report/verify-report.ts';
import { buildPkcs7 } from '../../src/signatures/pkcs7/build.ts';
import { pki } from './pki.ts';
import { chainIn, openSigner } from './signer.ts';
import { toolPath } from './tools.ts';
import { type Vector, vectors } from './vector-image.ts';

/** The context of a run without a front end, at a fixed time. */
export function verifyContext(now = new Date('2026-06-01T00:00:00Z')): RunContext {
  return { log: silentLogger, signal: new AbortController().signal, secrets: {}, now, created: now };
}

/** Builds with the mkfs.erofs of the checkout. */
export const BY_MKFS = {
  builder: 'mkfs',
  tools: { orasPath: toolPath('oras'), mkfsPath: toolPath('mkfs.erofs') },
} satisfies Partial<VerifyOptions>;

/** The options that the front ends make of an image alone, with the oras of the checkout. */
export function verifyOptions(image: string, changes: Partial<VerifyOptions> = {}): VerifyOptions {
  return {
    image,
    trustedCertificates: [],
    trustStores: [],
    layers: 'required',
    manifestSignature: 'auto',
    signerIdentities: [],
    allowExpired: false,
    recompute: true,
    strict: false,
    platforms: [],
    profiles: ['containerd'],
    builder: 'native',
    crossCheck: false,
    concurrency: 2,
    timeout: 300_000,
    maxLayerSize: 2 ** 30,
    registry: { plainHttp: true, referrers: 'auto' },
    tools: { orasPath: toolPath('oras') },
    allowSkip: [],
    ...changes,
  };
}

/** Verifies with the root of the test PKI trusted, unless said otherwise. */
export async function verify(image: string, changes: Partial<VerifyOptions> = {}): Promise<VerifyReport> {
  const { dir } = await pki();
  const trustedCertificates = [join(dir, 'root.pem')];
  return verifyImage(verifyOptions(image, { trustedCertificates, ...changes }), verifyContext());
}

/** The PKCS#7 signature that `sign` would make, by a key of the test PKI. */
export async function signatureBy(name: string, rootHash: string): Promise<Uint8Array> {
  const files = (await pki()).leaf(name);
  const chain = await chainIn(files.chainPath);
  const signer = await openSigner(files.keyPath, { certificates: [chain.leaf.der] });
  const signature = await signer.sign(Buffer.from(rootHash), 'layer');
  return buildPkcs7({ signature, chain, rootHash });
}

export interface ArtifactRecipe {
  subject: Descriptor;
  /** Names of vectors, in image order. */
  layers: readonly string[];
  /** Default `p256`. */
  signer?: string;
  profile?: ContainerdProfile;
  /** Which vectors: those of class C or A. */
  release?: '1.9.4' | '1.8.10';
  /** Default: profile and class, as recorded by `sign`. */
  own?: OwnAnnotations;
  /** Changes the entries before the manifest is made. */
  entries?: (entries: LayerEntry[]) => LayerEntry[];
}

/** A signature artifact over the root hashes of the vectors: made without mkfs.erofs. */
export async function vectorArtifact(recipe: ArtifactRecipe): Promise<EncodedArtifact> {
  const { subject, layers, signer = 'p256', profile = 'containerd', release = '1.9.4' } = recipe;
  const all = vectors(release);
  const entries = await Promise.all(
    layers.map(async (name) => {
      const { digest, profiles } = named(all, name);
      const { rootHash } = profiles[profile];
      return { layerDigest: digest, rootHash, pkcs7: await signatureBy(signer, rootHash) };
    }),
  );
  const own = recipe.own ?? { profile, 'erofs-utils-class': release === '1.9.4' ? 'C' : 'A' };
  const changed = recipe.entries?.(entries) ?? entries;
  return encodeArtifact(
    buildArtifact({ subject, entries: changed, own, created: new Date('2026-01-01T00:00:00Z') }),
  );
}

function named(all: readonly Vector[], name: string): Vector {
  const found = all.find((vector) => vector.name === name);
  if (found === undefined) throw new TypeError(`no vector is called ${name}`);
  return found;
}

/** The artifact with a changed manifest and the digest of that manifest. */
export function withManifest(
  artifact: EncodedArtifact,
  change: (manifest: SignatureManifest) => void,
): EncodedArtifact {
  const manifest = structuredClone(artifact.manifest);
  change(manifest);
  const bytes = Buffer.from(JSON.stringify(manifest));
  const { mediaType } = artifact.descriptor;
  const descriptor = { mediaType, digest: sha256Digest(bytes), size: bytes.length };
  return { ...artifact, manifest, bytes, descriptor };
}

/** Stores an artifact in a layout without checks. */
export async function store(directory: string, artifact: EncodedArtifact): Promise<void> {
  const layout = new OciLayout(directory);
  for (const { descriptor, bytes } of artifact.blobs) await layout.addBlob(descriptor, bytes);
  await layout.addBlob(artifact.descriptor, artifact.bytes);
  await layout.addEntry({ ...artifact.descriptor, artifactType: artifact.manifest.artifactType });
}
