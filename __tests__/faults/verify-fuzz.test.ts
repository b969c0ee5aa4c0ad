import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Referrer, readReferrers } from '../../src/commands/shared/read-referrers.ts';
import type { SignerTrust } from '../../src/commands/verify/layers/evaluate-pkcs7.ts';
import { evaluateReferrer, type SignatureSet } from '../../src/commands/verify/layers/evaluate-referrer.ts';
import { platformOutcome } from '../../src/commands/verify/layers/layer-verdict.ts';
import { checkContent } from '../../src/formats/descriptor.ts';
import { sha256Digest } from '../../src/formats/digest.ts';
import { LAYER_DIGEST, ROOT_HASH } from '../../src/model/annotations.ts';
import { DM_VERITY_ARTIFACT_TYPE } from '../../src/model/artifact-types.ts';
import type { Descriptor, PlatformManifest } from '../../src/model/index.ts';
import type { EncodedArtifact, SignatureManifest } from '../../src/oci/attach/artifact.ts';
import type { ReferrerStore } from '../../src/oci/attach/store.ts';
import { loadTrustAnchors } from '../../src/signatures/pkcs7/trust.ts';
import { pki } from '../helpers/pki.ts';
import { processorTime } from '../helpers/processor-time.ts';
import { random } from '../helpers/random.ts';
import { vectors } from '../helpers/vector-image.ts';
import { vectorArtifact } from '../helpers/verify.ts';

const LAYERS = ['simple-gzip', 'dirs-zstd'];
const MUTANTS = 1000;
/** Milliseconds for one mutant. */
const SLOW = 2000;
const MOST_MEMORY = 300 * 1024 * 1024;

const subject: Descriptor = {
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  digest: `sha256:${'5'.repeat(64)}`,
  size: 1234,
};
let image: PlatformManifest;
let trust: SignerTrust;

beforeAll(async () => {
  const { dir } = await pki();
  const anchors = loadTrustAnchors(await readFile(join(dir, 'root.pem')));
  trust = { anchors, identities: [], at: new Date('2026-06-01T00:00:00Z'), allowExpired: false };
  const layers = LAYERS.map((name, index) => {
    const { mediaType, digest, size, diffId } = vectors().find((vector) => vector.name === name) ?? fail();
    return {
      index,
      descriptor: { mediaType, digest, size },
      format: 'tar' as const,
      compression: 'gzip' as const,
      diffId,
    };
  });
  const config = { ...subject, mediaType: 'application/vnd.oci.image.config.v1+json' };
  image = { descriptor: subject, platform: undefined, config, layers, skippedLayers: [] };
});

/** A store in memory, with what a registry would have checked: digests and sizes. */
function memoryStore(artifact: EncodedArtifact): ReferrerStore {
  const contents = new Map(artifact.blobs.map(({ descriptor, bytes }) => [descriptor.digest, bytes]));
  contents.set(artifact.descriptor.digest, artifact.bytes);
  const fetch = async (descriptor: Descriptor): Promise<Buffer> => {
    const bytes = Buffer.from(contents.get(descriptor.digest) ?? new Uint8Array());
    checkContent(bytes, descriptor);
    return bytes;
  };
  return {
    name: 'memory',
    list: async () => [{ ...artifact.descriptor, artifactType: DM_VERITY_ARTIFACT_TYPE }],
    fetchManifest: fetch,
    fetchBlob: fetch,
    push: () => Promise.reject(new Error('nothing is attached')),
    enlist: () => Promise.reject(new Error('nothing is attached')),
    remove: () => Promise.reject(new Error('nothing is attached')),
  };
}

/** The whole of verify without building: read, judge, verdict. */
async function judge(artifact: EncodedArtifact): Promise<SignatureSet | undefined> {
  const look = (referrer: Referrer) => evaluateReferrer(referrer, image, trust);
  const [set = fail()] = await readReferrers(memoryStore(artifact), subject, DM_VERITY_ARTIFACT_TYPE, look);
  const { verdict } = platformOutcome(image, [set], {
    profiles: ['containerd'],
    recompute: false,
    strict: true,
  });
  expect(verdict).toBe(set.verdict);
  return set;
}

/** Bit flips, other bytes, truncation, pieces cut out, repeated or moved. */
function mutate(original: Uint8Array, next: (below: number) => number): Buffer {
  const bytes = Buffer.from(original);
  const at = next(bytes.length);
  const length = 1 + next(60);
  const from = next(bytes.length);
  switch (next(6)) {
    case 0:
      return Buffer.from(bytes.with(at, (bytes[at] ?? 0) ^ (1 << next(8))));
    case 1:
      return Buffer.from(bytes.with(at, next(256)));
    case 2:
      return bytes.subarray(0, at);
    case 3:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    case 4:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(from, from + length), bytes.subarray(at)]);
    default:
      bytes.copyWithin(at, from, from + length);
      return bytes;
  }
}

/** Other values of the manifest's own kind: what bytes alone seldom hit. */
function mutateValues(manifest: SignatureManifest, next: (below: number) => number): Buffer {
  const copy = structuredClone(manifest) as unknown as Record<string, unknown>;
  const places: [Record<string, unknown>, string][] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const key of Object.keys(value)) {
      places.push([value as Record<string, unknown>, key]);
      walk((value as Record<string, unknown>)[key]);
    }
  };
  walk(copy);
  const [parent, key] = places[next(places.length)] ?? fail();
  const [otherParent, otherKey] = places[next(places.length)] ?? fail();
  const values = [
    null,
    '',
    -1,
    2 ** 53,
    [],
    {},
    '\u0000',
    'x'.repeat(100_000),
    structuredClone(otherParent[otherKey]),
  ];
  if (next(5) === 0) delete parent[key];
  else parent[key] = values[next(values.length)];
  return Buffer.from(JSON.stringify(copy));
}

/** All of a manifest that verify goes by; annotations that only inform are not in it. */
function meaning({
  schemaVersion,
  mediaType,
  artifactType,
  config,
  layers,
  subject,
}: SignatureManifest): string {
  const identity = ({ mediaType, digest, size }: Descriptor): unknown[] => [mediaType, digest, size];
  return JSON.stringify([
    ...[schemaVersion, mediaType, artifactType, identity(config), identity(subject)],
    ...layers.map((entry) => [
      identity(entry),
      entry.annotations?.[LAYER_DIGEST],
      entry.annotations?.[ROOT_HASH],
    ]),
  ]);
}

interface Outcome {
  refused: number;
  /** Mutants that verify because nothing that is checked has changed. */
  same: number;
  slowest: number;
}

async function fuzz(
  mutants: Iterable<EncodedArtifact>,
  isSame: (mutant: EncodedArtifact) => boolean,
): Promise<Outcome> {
  const outcome: Outcome = { refused: 0, same: 0, slowest: 0 };
  for (const mutant of mutants) {
    const start = processorTime();
    const set = await judge(mutant);
    outcome.slowest = Math.max(outcome.slowest, processorTime() - start);
    if (set?.verdict !== 'verified') {
      expect(set?.reason).toMatch(/./);
      outcome.refused += 1;
    } else if (isSame(mutant)) outcome.same += 1;
    else throw new Error(`accepted: ${mutant.bytes.toString('hex')}`);
  }
  return outcome;
}

describe.each(['rsa2048', 'p256'])('signatures by %s', (signer) => {
  let good: EncodedArtifact;

  beforeAll(async () => {
    good = await vectorArtifact({ subject, layers: LAYERS, signer });
    expect(await judge(good)).toMatchObject({ verdict: 'verified' });
  });

  /** The artifact with other manifest bytes, listed under their right digest. */
  function withBytes(bytes: Buffer): EncodedArtifact {
    const descriptor = { ...good.descriptor, digest: sha256Digest(bytes), size: bytes.length };
    return { ...good, bytes, descriptor };
  }

  function* differing(count: number, make: (next: (below: number) => number) => Buffer, from: Uint8Array) {
    const next = random(20_261_124);
    for (let made = 0; made < count; ) {
      const bytes = make(next);
      if (bytes.equals(from)) continue;
      made += 1;
      yield bytes;
    }
  }

  test(`${MUTANTS} mutants of a PKCS#7 signature: none is accepted`, async () => {
    const [entry] = good.manifest.layers;
    const original =
      good.blobs.find(({ descriptor }) => descriptor.digest === entry?.digest)?.bytes ?? fail();
    function* mutants(): Generator<EncodedArtifact> {
      for (const bytes of differing(MUTANTS, (next) => mutate(original, next), original)) {
        const descriptor = {
          mediaType: entry?.mediaType ?? '',
          digest: sha256Digest(bytes),
          size: bytes.length,
        };
        const manifest = structuredClone(good.manifest);
        Object.assign(manifest.layers[0] ?? {}, descriptor);
        const blobs = [...good.blobs, { descriptor, bytes }];
        yield { ...withBytes(Buffer.from(JSON.stringify(manifest))), manifest, blobs };
      }
    }
    const { refused, slowest } = await fuzz(mutants(), () => false);
    expect(refused).toBe(MUTANTS);
    expect(slowest).toBeLessThan(SLOW);
  });

  test.each<[string, (next: (below: number) => number) => Buffer]>([
    ['bytes', (next) => mutate(good.bytes, next)],
    ['values', (next) => mutateValues(good.manifest, next)],
  ])(
    `${MUTANTS} mutants of a manifest's %s, stored as anybody may: none with another meaning`,
    async (_what, make) => {
      function* mutants(): Generator<EncodedArtifact> {
        for (const bytes of differing(MUTANTS, make, good.bytes)) yield withBytes(bytes);
      }
      const before = process.memoryUsage().rss;
      const { refused, same, slowest } = await fuzz(mutants(), ({ bytes }) => {
        return meaning(JSON.parse(bytes.toString()) as SignatureManifest) === meaning(good.manifest);
      });
      expect(refused + same).toBe(MUTANTS);
      expect(refused).toBeGreaterThan(0.5 * MUTANTS);
      expect(slowest).toBeLessThan(SLOW);
      expect(process.memoryUsage().rss - before).toBeLessThan(MOST_MEMORY);
    },
  );

  test(`${MUTANTS} mutants of a manifest under the digest of the good one: none is accepted`, async () => {
    function* mutants(): Generator<EncodedArtifact> {
      for (const bytes of differing(MUTANTS, (next) => mutate(good.bytes, next), good.bytes)) {
        yield { ...good, bytes };
      }
    }
    expect(await fuzz(mutants(), () => false)).toMatchObject({ refused: MUTANTS });
  });
});

function fail(): never {
  throw new TypeError('not there');
}
