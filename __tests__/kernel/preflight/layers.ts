/** Layers of preflight’s guest, with hash trees and signatures. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Entry, writeTar } from '../../../scripts/demo-image/tar-writer.ts';
import { openssl } from '../../helpers/pki.ts';
import { type NodeLayer, withHashTree } from '../node-layers.ts';
import { root } from '../root.ts';
import type { Signer } from '../signers.ts';

const PKI = fileURLToPath(new URL('../../fixtures/kernel-pki', import.meta.url));

/** Paths of PEM files. */
type SigningKey = Pick<Signer, 'key' | 'certificate'>;

/** The test kernel trusts it. */
const PINNED: SigningKey = {
  key: join(PKI, 'pinned.test-only.key'),
  certificate: join(PKI, 'pinned.pem'),
};

export interface TestLayer extends Omit<NodeLayer, 'blockSize'> {
  /** None if undefined. */
  signature: Buffer | undefined;
}

/** A layer with these entries, in `folder`, signed by a key that the test kernel trusts. */
export async function makeLayer(folder: string, name: string, entries: readonly Entry[]): Promise<TestLayer> {
  const image = join(folder, `${name}.erofs`);
  const options = ['--tar=f', '--aufs', '--quiet', '-Enoinline_data', '-b4096', '-T0', '--mkfs-time'];
  await root(['mkfs.erofs', ...options, image], { stdin: writeTar(entries, 1_700_000_000) });
  const layer = await withHashTree(image, join(folder, `${name}.layer`), 4096);
  await rm(image);
  return { ...layer, signature: await sign(folder, layer.rootHash) };
}

/** Detached CMS over the digits of a root hash, DER. */
export async function sign(
  folder: string,
  rootHash: string,
  { key, certificate }: SigningKey = PINNED,
): Promise<Buffer> {
  const own = await mkdtemp(join(folder, 'cms-'));
  await writeFile(join(own, 'content'), rootHash);
  const how = ['-binary', '-noattr', '-outform', 'DER', '-in', join(own, 'content')];
  const signature = await openssl(['cms', '-sign', ...how, '-signer', certificate, '-inkey', key], own);
  await rm(own, { recursive: true });
  return signature;
}

/** A key that no kernel trusts. */
export async function makeStranger(folder: string): Promise<SigningKey> {
  const [key, certificate] = [join(folder, 'stranger.key'), join(folder, 'stranger.pem')];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  await openssl(['req', ...kind, '-subj', '/CN=stranger', '-keyout', key, '-out', certificate], folder);
  return { key, certificate };
}
