/** Images that are refused, in each place from which an image is signed, with nothing written anywhere. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Descriptor } from '../../src/model/index.ts';
import { EROFS_LAYER, emptyErofs } from '../helpers/erofs-layers.ts';
import { type ImagePlace, imagePlace, PLACES, type PlaceName } from '../helpers/image-places.ts';
import { DOCKER, ImageWriter, OCI, sha256 } from '../helpers/image-writer.ts';
import { type LeafFiles, pki } from '../helpers/pki.ts';
import { rawTar } from '../helpers/raw-tar.ts';
import { expectActionRefused, expectRefused } from '../helpers/refused-run.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolPath } from '../helpers/tools.ts';

const folder = testFolder();
const tar = rawTar({ name: 'file', data: Buffer.from('content') });
const GZIP = { bytes: gzipSync(tar), mediaType: `${OCI.layer}+gzip` };
const good = { layers: [GZIP], diffIds: [sha256(tar)] };
let leaf: LeafFiles;
beforeAll(async () => {
  leaf = (await pki()).leaf('p256');
});

interface Case {
  name: string;
  message: RegExp;
  /** What the line must name beside the image. */
  layer?: string;
  more?: string[];
  /** Shell commands before the run, such as limits. */
  limits?: string;
  write(writer: ImageWriter): Promise<Descriptor>;
}

/** Zeros that are far above the limit in little space. The digests are right: the size alone is wrong. */
function bomb(name: string, mediaType: string, compress: (bytes: Buffer) => Buffer): Case {
  const zeros = Buffer.alloc(32 * 1024 * 1024);
  return {
    name: `fault 5: a bomb of ${name}`,
    message: /the uncompressed layer is larger than 1048576 bytes/,
    layer: 'layer 1 (sha256:',
    more: ['--max-layer-size', '1MiB'],
    // No file of more than 2 MiB can be written: what is read beyond the limit is stored nowhere.
    limits: 'ulimit -f 4096',
    write: (writer) =>
      writer.image({
        layers: [GZIP, { bytes: compress(zeros), mediaType }],
        diffIds: [sha256(tar), sha256(zeros)],
      }),
  };
}

/** A layer of an image whose other layer is fine. */
function erofsLayer(name: string, bytes: Buffer, content: Buffer, message: RegExp): Case {
  return {
    name,
    message,
    layer: 'layer 1 (sha256:',
    more: ['--max-layer-size', '1MiB'],
    // A plain blob of an archive is unpacked, whatever its size.
    limits: bytes === content ? ':' : 'ulimit -f 4096',
    write: (writer) =>
      writer.image({
        layers: [GZIP, { bytes, mediaType: bytes === content ? EROFS_LAYER : `${EROFS_LAYER}+zstd` }],
        diffIds: [sha256(tar), sha256(content)],
      }),
  };
}

/** An EROFS image as a plain blob, and compressed. */
function erofsLayers(name: string, content: Buffer, message: RegExp): Case[] {
  return [
    erofsLayer(`${name}, plain`, content, content, message),
    erofsLayer(`${name}, in zstd`, zstdCompressSync(content), content, message),
  ];
}

function layerOf(mediaType: string): Case {
  return {
    name: `fault 10: a layer of the type ${JSON.stringify(mediaType)}`,
    message: /media type/,
    layer: 'layer 1 (sha256:',
    write: async (writer) => {
      const { digest } = await writer.image({
        layers: [GZIP, { ...GZIP, mediaType: 'REPLACED' }],
        diffIds: [sha256(tar), sha256(tar)],
      });
      const text = (await writer.read(digest)).toString().replace('"REPLACED"', JSON.stringify(mediaType));
      return writer.blob(Buffer.from(text), OCI.manifest);
    },
  };
}

function diffIds(count: number): Case {
  return {
    name: `fault 11: 2 layers and ${count} diffIDs`,
    message: new RegExp(`the manifest has 2 layers, the image config has ${count} diffIDs`),
    write: (writer) =>
      writer.image({ layers: [GZIP, GZIP], diffIds: Array.from({ length: count }, () => sha256(tar)) }),
  };
}

/** One blob twice: the first entry is right, so its blob is read without a fault. */
const otherSize: Case = {
  name: 'fault 7: a layer twice, with another size in the second place',
  message: /the blob has (\d+) bytes, but its descriptor says (?!\1)\d+/,
  layer: 'layer 1 (sha256:',
  write: async (writer) => {
    const { digest } = await writer.image({ layers: [GZIP, GZIP], diffIds: [sha256(tar), sha256(tar)] });
    const text = (await writer.read(digest)).toString();
    const { length } = GZIP.bytes;
    const changed = text.replace(new RegExp(`"size":${length}(?=}])`), `"size":${length + 7}`);
    if (changed === text) throw new Error('the size is not at the end');
    return writer.blob(Buffer.from(changed), OCI.manifest);
  },
};

function manifest(name: string, message: RegExp, change: (text: string) => string): Case {
  return {
    name: `fault 12: a manifest that ${name}`,
    message,
    write: async (writer) => {
      const { digest } = await writer.image(good);
      return writer.blob(Buffer.from(change((await writer.read(digest)).toString())), OCI.manifest);
    },
  };
}

const CASES: Case[] = [
  bomb('gzip', `${OCI.layer}+gzip`, (zeros) => gzipSync(zeros)),
  bomb('gzip in members', `${OCI.layer}+gzip`, (zeros) => {
    const member = gzipSync(zeros.subarray(0, 1024 * 1024));
    return Buffer.concat(Array.from({ length: zeros.length / 1024 / 1024 }, () => member));
  }),
  bomb('zstd', `${OCI.layer}+zstd`, (zeros) => zstdCompressSync(zeros)),
  { ...bomb('zeros as they are', OCI.layer, (zeros) => zeros), limits: ':' },
  ...erofsLayers(
    'fault 5: a bomb of an EROFS image',
    emptyErofs(32 * 1024 * 1024),
    /the uncompressed layer is larger than 1048576 bytes/,
  ),
  ...erofsLayers(
    'fault 9: a tar as an EROFS image',
    tar,
    /says an EROFS image, but the layer is a plain tar/,
  ),
  ...erofsLayers('fault 9: nothing as an EROFS image', Buffer.alloc(0), /damaged EROFS image: it is empty/),
  ...erofsLayers(
    'fault 1: an EROFS image that ends too early',
    emptyErofs(100_000, 1_000_000),
    /has 100000 bytes, and its superblock says 1003520: it is truncated/,
  ),
  erofsLayer('fault 9: gzip as an EROFS image', gzipSync(tar), gzipSync(tar), /media type says/),
  ...['application/octet-stream', `${OCI.layer}+bzip2`, `${OCI.layer}+GZIP`, OCI.config, DOCKER.config].map(
    layerOf,
  ),
  ...[0, 1, 3].map(diffIds),
  otherSize,
  manifest('is cut', /the manifest is not valid JSON/, (text) => text.slice(0, -2)),
  manifest('is no JSON', /the manifest is not valid JSON/, () => '<html>not found</html>'),
  manifest('is empty', /the manifest is not valid JSON/, () => ''),
  manifest('is a list', /the manifest is malformed/, (text) => `[${text}]`),
  manifest('is null', /the manifest is malformed/, () => 'null'),
  manifest('has no layers', /the manifest is malformed at layers/, (text) =>
    text.replace('"layers"', '"sheets"'),
  ),
  manifest('has an object of layers', /the manifest is malformed at layers/, (text) =>
    text.replace(/"layers":\[.*\]/, '"layers":{}'),
  ),
  manifest('has a negative size', /the manifest is malformed at layers\.0\.size/, (text) =>
    text.replace(/"size":\d+}]/, '"size":-1}]'),
  ),
  manifest('has a size as text', /the manifest is malformed at layers\.0\.size/, (text) =>
    text.replace(/"size":(\d+)}]/, '"size":"$1"}]'),
  ),
  manifest('has a short digest', /the manifest is malformed at layers\.0\.digest/, (text) =>
    text.replace(/("layers":.*"sha256:[0-9a-f]{63})[0-9a-f]/, '$1'),
  ),
];

/** Inputs as options of the CLI. */
function options({ inputs }: ImagePlace): string[] {
  return Object.entries(inputs).flatMap(([name, value]) =>
    value === '' ? [`--${name}`] : [`--${name}`, value],
  );
}

async function inPlace(
  where: PlaceName,
  one: Case,
  work: (place: ImagePlace) => Promise<void>,
): Promise<void> {
  const writer = await ImageWriter.create();
  try {
    const app = await writer.add(await one.write(writer), 'app');
    const place = await imagePlace(where, folder, writer.directory, app);
    try {
      await work(place);
    } finally {
      await place.stop();
    }
  } finally {
    await writer.remove();
  }
}

const refusal = ({ message, layer }: Case, { image, files, writes }: ImagePlace, status: number) => ({
  status,
  message,
  // An image that was read is named by its digest from then on.
  names: layer === undefined ? [image.replace(/:\w+$/, '')] : [image.replace(/:\w+$/, ''), layer],
  untouched: files,
  writes,
});

describe.each(PLACES)('%s', (where) => {
  test.each(CASES)('$name', async (one) => {
    await inPlace(where, one, async (place) => {
      const signing = [
        '--key',
        leaf.keyPath,
        '--certificate',
        leaf.fullChainPath,
        '--manifest-signature',
        'jws',
      ];
      const args = [place.image, ...options(place), ...(one.more ?? []), '--oras-path', toolPath('oras')];
      const limited = { prefix: ['sh', '-c', `${one.limits ?? ':'}; exec "$@"`, 'sh'] };
      await expectRefused(folder, ['sign', ...args, ...signing], refusal(one, place, 3), limited);
      if (where !== 'layout') return;
      await expectRefused(folder, ['root-hash', ...args], refusal(one, place, 3), limited);
    });
  });
});

/** The first case of each fault: the Action ends in the same code. */
const FIRST = CASES.filter(
  ({ name }, index) => CASES.findIndex((one) => one.name.split(':')[0] === name.split(':')[0]) === index,
);

test.each(FIRST)('$name: the Action', async (one) => {
  await inPlace('layout with push-to', one, async (place) => {
    const [, limit] = one.more ?? [];
    const inputs = {
      image: place.image,
      ...place.inputs,
      'plain-http': 'true',
      key: leaf.keyPath,
      certificate: leaf.fullChainPath,
      ...(limit === undefined ? {} : { 'max-layer-size': limit }),
    };
    await expectActionRefused(folder, inputs, refusal(one, place, 1));
  });
});

test.each(['a text', '{}', '{"schemaVersion":2}', '{"schemaVersion":2,"manifests":{}}'])(
  'fault 12: index.json with %s',
  async (text) => {
    const writer = await ImageWriter.create();
    try {
      await writer.add(await writer.image(good), 'app');
      writeFileSync(join(writer.directory, 'index.json'), text);
      const image = `oci:${writer.directory}:app`;
      const signing = ['--key', leaf.keyPath, '--certificate', leaf.fullChainPath];
      const message = /index\.json is (not valid JSON|malformed)/;
      const expected = { message, names: [writer.directory], untouched: [writer.directory] };
      await expectRefused(folder, ['sign', image, ...signing], { status: 3, ...expected });
      expect(readFileSync(join(writer.directory, 'index.json'), 'utf8')).toBe(text);
    } finally {
      await writer.remove();
    }
  },
);
