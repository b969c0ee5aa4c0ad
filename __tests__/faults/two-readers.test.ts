import { beforeAll, expect, test } from '@jest/globals';
import { VeritySignError } from '../../src/errors.ts';
import { descriptorSchema, toDescriptor } from '../../src/formats/descriptor.ts';
import { foldName } from '../../src/formats/fold-name.ts';
import { FormatError } from '../../src/formats/format-error.ts';
import { parseMetadata } from '../../src/formats/metadata.ts';
import { indexSchema, manifestSchema } from '../../src/oci/document-schemas.ts';
import { parseConfig, parseIndex, parseManifest } from '../../src/oci/documents.ts';
import { parseDockerManifest } from '../../src/oci/image/docker-manifest.ts';
import { parsePayload } from '../../src/signatures/notary/envelope/payload.ts';
import { askGo, type GoAnswer, type GoDocument, type GoKind, goFolds } from '../helpers/go-readers.ts';
import * as samples from '../helpers/image-documents.ts';
import { MUTATIONS, mutate } from '../helpers/mutate-document.ts';
import { processorTime } from '../helpers/processor-time.ts';
import { random } from '../helpers/random.ts';
import { differences, meaning } from '../helpers/reader-meanings.ts';

/** Mutants of each sample. */
const MUTANTS = 600;
/** Milliseconds for one document. */
const SLOW = 2000;

/** This program's reader of each kind, and the facts that it took. */
const READERS: Record<GoKind, (bytes: Buffer, mediaType: string) => unknown> = {
  manifest: (bytes, mediaType) => meaning('manifest', parseManifest(bytes, mediaType, 'it')),
  index: (bytes, mediaType) => meaning('index', parseIndex(bytes, mediaType, 'it')),
  config: (bytes) => {
    const { platform, diffIds } = parseConfig(bytes);
    return meaning('config', { ...platform, rootfs: { diff_ids: diffIds } });
  },
  descriptor: (bytes) => meaning('descriptor', toDescriptor(parseMetadata(descriptorSchema, bytes, 'it'))),
  'docker-save': (bytes) => meaning('docker-save', parseDockerManifest(bytes)),
  payload: (bytes) => meaning('payload', { targetArtifact: parsePayload(bytes) }),
};

const SAMPLES: [GoKind, Record<string, samples.SampleDocument>][] = [
  ['manifest', samples.MANIFESTS],
  ['index', samples.INDEXES],
  ['config', samples.CONFIGS],
  ['descriptor', samples.DESCRIPTORS],
  ['docker-save', samples.DOCKER_SAVE],
  ['payload', samples.PAYLOADS],
];

interface Mutant extends GoDocument {
  change: string;
  /** The facts of this program's reader; undefined if it refuses the document. */
  own: unknown;
  answer: GoAnswer;
}

const all: Mutant[] = [];

function accepted(bytes: Buffer, kind: GoKind, mediaType: string): unknown {
  try {
    return READERS[kind](bytes, mediaType);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    expect(error).toBeInstanceOf(VeritySignError);
    expect(error).toMatchObject({ code: 'image' });
    return undefined;
  }
}

beforeAll(async () => {
  const made: Omit<Mutant, 'answer'>[] = [];
  const next = random(20_261_128);
  for (const [kind, documents] of SAMPLES) {
    for (const { mediaType, value } of Object.values(documents)) {
      for (let count = 0; count < MUTANTS; count += 1) {
        const { bytes, change } = mutate(value, next);
        const start = processorTime();
        const own = accepted(bytes, kind, mediaType);
        expect(processorTime() - start).toBeLessThan(SLOW);
        made.push({ kind, mediaType, bytes, change, own });
      }
    }
  }
  const answers = await askGo(made);
  all.push(...made.map((mutant, index) => ({ ...mutant, answer: answers[index] ?? {} })));
});

test.each(
  SAMPLES.flatMap(([kind, documents]) =>
    Object.entries(documents).map(([name, it]) => ({ kind, name, ...it })),
  ),
)('a $kind as $name writes it is read by all', async ({ kind, mediaType, value }) => {
  const bytes = Buffer.from(JSON.stringify(value, null, 2));
  const own = READERS[kind](bytes, mediaType);
  const [answer = {}] = await askGo([{ kind, mediaType, bytes }]);
  expect(Object.keys(answer).length).toBeGreaterThan(0);
  expect(differences(kind, own, bytes, answer)).toEqual([]);
});

test('more than 5,000 mutants: what this program accepts, Go programs understand the same way', () => {
  const taken = all.filter(({ own }) => own !== undefined);
  const disagreements = taken.flatMap(({ kind, change, own, bytes, answer }) => {
    const found = differences(kind, own, bytes, answer);
    return found.length === 0 ? [] : [`${change}: ${found.join('; ')}: ${bytes.toString().slice(0, 3000)}`];
  });
  expect(disagreements.slice(0, 5)).toEqual([]);
  expect(disagreements).toHaveLength(0);
  expect(all.length).toBeGreaterThan(5000);
  // Both happen often, so the comparison says something.
  expect(taken.length).toBeGreaterThan(0.15 * all.length);
  expect(taken.length).toBeLessThan(0.7 * all.length);
  expect(new Set(all.map(({ change }) => change))).toEqual(new Set(MUTATIONS));
});

test('the comparison finds the disagreements of a reader that matches names exactly and keeps the last', () => {
  const lenient = { manifest: manifestSchema, index: indexSchema };
  const found = all.filter(({ kind, bytes, own, answer }) => {
    if (own !== undefined || (kind !== 'manifest' && kind !== 'index')) return false;
    try {
      const parsed = lenient[kind].parse(JSON.parse(new TextDecoder().decode(bytes)));
      return differences(kind, meaning(kind, parsed), bytes, answer).length > 0;
    } catch {
      return false;
    }
  });
  expect(found.length).toBeGreaterThan(200);
  const changes = new Set(found.map(({ change }) => change));
  for (const change of ['a name twice', 'a name in another case, beside it', 'a byte order mark']) {
    expect(changes).toContain(change);
  }
});

test('the attack: public signatures of one image, layers of another', async () => {
  const { mediaType, value } = samples.MANIFESTS.buildx ?? fail();
  const good = value as Record<string, unknown>;
  const evil = samples.MANIFESTS.docker?.value as Record<string, unknown>;
  const both = { ...good, Config: evil.config, Layers: evil.layers };
  const bytes = Buffer.from(JSON.stringify(both));
  // A reader that matches names exactly sees the good image, Go the evil one.
  const exact = meaning('manifest', manifestSchema.parse(JSON.parse(bytes.toString())));
  expect(exact).toEqual(meaning('manifest', good));
  const [answer = {}] = await askGo([{ kind: 'manifest', mediaType, bytes }]);
  const digests = (view: unknown) =>
    (view as { layers: { digest: string }[] }).layers.map(({ digest }) => digest);
  for (const library of ['oci', 'ggcr']) expect(digests(answer[library]?.seen)).toEqual(digests(evil));
  expect(() => parseManifest(bytes, mediaType, 'the manifest')).toThrow(
    expect.objectContaining({
      code: 'image',
      message: 'the manifest has the name "Config", which Go programs read as "config"',
    }),
  );
});

test('the attack: another config embedded in the descriptor of the config', async () => {
  const { mediaType, value } = samples.MANIFESTS.buildx ?? fail();
  const good = value as { config: object };
  const evil = Buffer.from('{"os":"linux","config":{"Entrypoint":["/evil"]}}').toString('base64');
  const bytes = Buffer.from(JSON.stringify({ ...good, config: { ...good.config, data: evil } }));
  const [answer = {}] = await askGo([{ kind: 'manifest', mediaType, bytes }]);
  for (const library of ['oci', 'ggcr']) {
    expect(answer[library]?.seen).toMatchObject({ config: { ...good.config, data: evil } });
    expect(differences('manifest', {}, bytes, answer)).toContainEqual(
      expect.stringContaining(`${library} has other content for sha256:`),
    );
  }
  expect(() => parseManifest(bytes, mediaType, 'the manifest')).toThrow(
    expect.objectContaining({
      code: 'image',
      message: expect.stringContaining('the manifest is malformed at config.data: the embedded content has'),
    }),
  );
});

test('names fold as in Go', async () => {
  const sets = await goFolds();
  expect(sets).toContainEqual(['S', 's', 'ſ']);
  for (const set of sets) expect(new Set(set.map(foldName)).size).toBe(1);
});

function fail(): never {
  throw new TypeError('not there');
}
