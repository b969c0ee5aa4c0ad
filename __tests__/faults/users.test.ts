/** Who runs verity-sign makes no difference: the root hash of the vectors, or a refusal before anything is signed. */
import { chmodSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { ContainerdProfile } from '../../src/model/profiles.ts';
import type { SignReport } from '../../src/report/report.ts';
import { attachedIn } from '../helpers/attached-signatures.ts';
import { pki } from '../helpers/pki.ts';
import { programPath } from '../helpers/programs.ts';
import { openFile } from '../helpers/stand-ins/hostile-mkfs.ts';
import { commandLine, type Ended, start } from '../helpers/stand-ins/start.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolPath } from '../helpers/tools.ts';
import { powerlessNamespaceWay, type UserWay, userWays, withoutWays } from '../helpers/users.ts';
import { vectors, writeVectorImage } from '../helpers/vector-image.ts';

const CLI = programPath('cli');
const PROFILES: ContainerdProfile[] = ['containerd', 'containerd-cache', 'containerd-tar-index'];
/** Owners, special files, capabilities and links: what a user other than root cannot make. */
const NAMES = ['simple-gzip', 'whiteouts-zstd', 'devices-gzip', 'xattrs-gzip', 'modes-gzip'];
const folder = testFolder(0o755);
let key: string;
let certificate: string;
let trusted: string;

/** A folder of its own: the ways write programs of the same names. */
function scratch(name: string): string {
  const path = join(folder, name);
  mkdirSync(path, { mode: 0o755 });
  return path;
}

const ways = [...userWays(scratch('three')), powerlessNamespaceWay(scratch('powerless'))];
const neither = withoutWays(scratch('neither'));

beforeAll(async () => {
  const leaf = (await pki()).leaf('p256');
  key = openFile(join(folder, 'signer.key'), leaf.keyPath);
  certificate = openFile(join(folder, 'signer.pem'), leaf.fullChainPath);
  trusted = openFile(join(folder, 'root.pem'), leaf.caPath);
});

let places = 0;
interface Signed extends Ended {
  layout: string;
  options: Record<string, string>;
  own: string;
}

/** Signs an image in a layout that every user can write. Nothing is left in the folder for temporary files. */
async function sign(way: UserWay, builder: string): Promise<Signed> {
  places += 1;
  const own = scratch(`run-${places}`);
  const layout = join(own, 'layout');
  mkdirSync(layout);
  await writeVectorImage(layout, NAMES);
  mkdirSync(join(own, 'temp'));
  const written = [own, join(own, 'temp'), layout, join(layout, 'blobs'), join(layout, 'blobs/sha256')];
  for (const path of [...written, join(layout, 'index.json')]) chmodSync(path, 0o777);
  const options = {
    builder,
    ...(builder === 'mkfs' ? { 'mkfs-path': toolPath('mkfs.erofs') } : {}),
    'temp-dir': join(own, 'temp'),
    'max-layer-size': '1GiB',
    report: join(own, 'report.json'),
  };
  const signing = { ...options, profile: PROFILES.join(), key, certificate };
  const ended = await start(way, own, [CLI, ...commandLine('sign', `oci:${layout}`, signing)], {});
  expect(readdirSync(join(own, 'temp'))).toEqual([]);
  return { ...ended, layout, options, own };
}

/** The root hashes that a report has are those of the vectors, in all profiles. */
function expectVectors(own: string): void {
  const [{ artifacts }] = JSON.parse(readFileSync(join(own, 'report.json'), 'utf8')) as [SignReport];
  const wanted = PROFILES.map((profile) => [
    profile,
    NAMES.map((name) => vectors().find((vector) => vector.name === name)?.profiles[profile].rootHash),
  ]);
  const made = artifacts.map(({ profile, layers }) => [profile, layers.map(({ rootHash }) => rootHash)]);
  expect(made).toEqual(wanted);
}

describe.each(ways)('$name', (way) => {
  test.each(['native', 'mkfs'])(
    'fault 68: the root hashes of the vectors, by builder %s',
    async (builder) => {
      const { status, output, layout, options, own } = await sign(way, builder);
      expect({ status, output }).toEqual({ status: 0, output });
      expectVectors(own);
      expect(attachedIn(layout)).toHaveLength(PROFILES.length);
      const checking = { ...options, 'trusted-certificate': trusted };
      const verified = await start(way, own, [CLI, ...commandLine('verify', `oci:${layout}`, checking)], {});
      expect(verified).toMatchObject({ status: 0 });
    },
  );
});

describe(neither.name, () => {
  test('fault 68: the root hashes of the vectors, by builder native', async () => {
    const { status, output, own } = await sign(neither, 'native');
    expect({ status, output }).toEqual({ status: 0, output });
    expectVectors(own);
  });

  test('fault 68: builder mkfs is refused, and nothing is attached', async () => {
    const { status, output, layout } = await sign(neither, 'mkfs');
    const errors = output.split('\n').filter((line) => line.startsWith('verity-sign: '));
    expect(errors).toEqual([expect.stringMatching(/uid 1001.*not permitted here.*sudo.*\. [A-Z]\w+ /)]);
    expect(status).toBe(4);
    expect(attachedIn(layout)).toEqual([]);
  });
});
