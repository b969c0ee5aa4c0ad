import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LayerEntry } from '../../../src/oci/attach/artifact.ts';
import { store, vectorArtifact } from '../verify.ts';
import type { Failure, FailureCase, Stage } from './stage.ts';

/** A copy of the layout, signed by a key of the test PKI. */
async function signed(stage: Stage, signer = 'p256'): Promise<string> {
  const folder = stage.copyOfLayout();
  const { status } = await stage.cli(['sign', `oci:${folder}`, ...stage.key(signer)]);
  if (status !== 0) throw new Error(`signing ended with ${status}`);
  return folder;
}

/** Verifies with the root of the test PKI trusted. */
function verify(stage: Stage, image: string, more: readonly string[] = []): Promise<Failure> {
  const trust = ['--trusted-certificate', stage.files('p256').caPath];
  return stage.cli(['verify', image, ...trust, ...more]);
}

const SKIP = {
  version: '1.0',
  trustPolicies: [{ name: 'all', registryScopes: ['*'], signatureVerification: { level: 'skip' } }],
};

export const VERDICTS: FailureCase[] = [
  {
    name: 'a signed image',
    run: async (stage) => {
      const folder = stage.copyOfLayout();
      const { keyPath, fullChainPath } = stage.files('p256');
      const key = ['--key', keyPath, '--certificate', fullChainPath];
      await stage.cli(['sign', `oci:${folder}`, ...key, '--manifest-signature', 'jws']);
      return verify(stage, `oci:${folder}`);
    },
  },
  {
    name: 'a trust policy that skips',
    run: (stage) => {
      const policy = join(stage.scratch(), 'trustpolicy.json');
      writeFileSync(policy, JSON.stringify(SKIP));
      const args = ['--trust-policy', policy, '--trust-policy-scope', 'local/layout'];
      return stage.cli(['verify', stage.image, ...args]);
    },
  },
  { name: 'an unsigned image', run: (stage) => verify(stage, stage.image) },
  {
    name: 'a root hash that the signature is not over',
    run: async (stage) => {
      const folder = stage.copyOfLayout();
      const entries = (all: LayerEntry[]) => all.map((entry) => ({ ...entry, rootHash: 'ab'.repeat(32) }));
      const artifact = await vectorArtifact({ subject: stage.manifest, layers: ['simple-gzip'], entries });
      await store(folder, artifact);
      return verify(stage, `oci:${folder}`);
    },
  },
  {
    name: 'a signer of another authority',
    run: async (stage) => verify(stage, `oci:${await signed(stage, 'selfSigned')}`),
  },
  {
    name: 'a machine that cannot recompute',
    run: async (stage) => {
      const missing = join(stage.folder, 'missing');
      return verify(stage, `oci:${await signed(stage)}`, ['--builder', 'mkfs', '--mkfs-path', missing]);
    },
  },
];
