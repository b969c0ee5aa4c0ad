/** Layers of preflight’s guest, with hash trees and signatures of a key that the test kernel trusts. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Entry, writeTar } from '../../../scripts/demo-image/tar-writer.ts';
import { openssl } from '../../helpers/pki.ts';
import { withHashTree } from '../node-layers.ts';
import { root } from '../root.ts';
import type { Disk, JobRecord } from './guest.ts';

const PKI = fileURLToPath(new URL('../../fixtures/kernel-pki', import.meta.url));

export interface TestLayer {
  path: string;
  hashOffset: number;
  rootHash: string;
  /** By `pinned`, which the kernel trusts. */
  signature: Buffer;
}

/** A layer with these entries, in `folder`. */
export async function makeLayer(folder: string, name: string, entries: readonly Entry[]): Promise<TestLayer> {
  const image = join(folder, `${name}.erofs`);
  const options = ['--tar=f', '--aufs', '--quiet', '-Enoinline_data', '-b4096', '-T0', '--mkfs-time'];
  await root(['mkfs.erofs', ...options, image], { stdin: writeTar(entries, 1_700_000_000) });
  const { path, hashOffset, rootHash } = await withHashTree(image, join(folder, `${name}.layer`), 4096);
  await rm(image);
  return { path, hashOffset, rootHash, signature: await sign(folder, rootHash) };
}

/** Detached CMS over the digits of a root hash, DER. */
export async function sign(
  folder: string,
  rootHash: string,
  signer: 'trusted' | 'stranger' = 'trusted',
): Promise<Buffer> {
  const own = await mkdtemp(join(folder, 'cms-'));
  await writeFile(join(own, 'content'), rootHash);
  const certificate = join(signer === 'trusted' ? PKI : own, 'pinned.pem');
  const key = join(signer === 'trusted' ? PKI : own, 'pinned.test-only.key');
  if (signer === 'stranger') {
    const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    await openssl(['req', ...kind, '-subj', '/CN=stranger', '-keyout', key, '-out', certificate], own);
  }
  const who = ['-signer', certificate, '-inkey', key];
  const how = ['-binary', '-noattr', '-outform', 'DER', '-in', join(own, 'content')];
  const signature = await openssl(['cms', '-sign', ...how, ...who], own);
  await rm(own, { recursive: true });
  return signature;
}

export function disks(layers: readonly TestLayer[]): Disk[] {
  return layers.map(({ path }, index) => ({ path, serial: serial(index) }));
}

/** The job’s records of layers, lowest first. */
export function layerRecords(layers: readonly TestLayer[]): JobRecord[] {
  return layers.map(({ hashOffset, rootHash, signature }, index) => {
    return ['layer', index, serial(index), hashOffset, rootHash, signature.toString('hex')];
  });
}

function serial(index: number): string {
  return `layer-${String(index).padStart(3, '0')}`;
}
