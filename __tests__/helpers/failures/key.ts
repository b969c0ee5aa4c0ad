import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { alternativeNames, chainFiles, dns, nameConstraints, purposes, writeChain } from '../chain-writer.ts';
import { CertificateMaker, SIGNER } from '../made-certificates.ts';
import { installPlugin } from '../notation-plugin.ts';
import { openssl } from '../pki.ts';
import type { Failure, FailureCase, Stage } from './stage.ts';

/** Signs with this key and these certificates. */
function by(stage: Stage, key: string, certificate: string, more: readonly string[] = []): Promise<Failure> {
  const words = ['--key', key, '--certificate', certificate, ...more];
  return stage.cli(['sign', stage.image, ...words]);
}

async function withCertificates(stage: Stage, pem: (certificates: string[]) => string[]): Promise<Failure> {
  const { keyPath, chainPath } = stage.files('chained');
  const text = await readFile(chainPath, 'utf8');
  const certificates = text.match(/-----BEGIN[\s\S]+?-----END CERTIFICATE-----\n/g) ?? [];
  const path = join(stage.scratch(), 'chain.pem');
  writeFileSync(path, pem([...certificates]).join(''));
  return by(stage, keyPath, path);
}

/** Signs with a service's key, in an environment that lacks what the service demands. */
function bySharedKey(stage: Stage, key: string, env: Record<string, string>): Promise<Failure> {
  const { chainPath } = stage.files('p256');
  const args = ['sign', stage.image, '--key', key, '--certificate', chainPath];
  return stage.cli(args, { env });
}

export const KEY: FailureCase[] = [
  {
    name: 'encrypted key without a passphrase',
    run: async (stage) => {
      const folder = stage.scratch();
      const { keyPath, chainPath } = stage.files('p256');
      await openssl(
        ['pkcs8', '-topk8', '-in', keyPath, '-passout', 'pass:x', '-out', 'encrypted.key'],
        folder,
      );
      return by(stage, join(folder, 'encrypted.key'), chainPath);
    },
  },
  {
    name: 'key of another certificate',
    run: (stage) => by(stage, stage.files('p384').keyPath, stage.files('p256').chainPath),
  },
  {
    name: 'chain in another order',
    run: (stage) =>
      withCertificates(stage, ([leaf = '', issuing = '', intermediate = '']) => [
        leaf,
        intermediate,
        issuing,
      ]),
  },
  {
    name: 'chain without a certificate in the middle',
    run: (stage) => withCertificates(stage, ([leaf = '', , intermediate = '']) => [leaf, intermediate]),
  },
  {
    name: 'chain that ends before the root, for a manifest',
    run: async (stage) => {
      const { keyPath } = stage.files('chained');
      const leaf = join(stage.scratch(), 'leaf.pem');
      const text = await readFile(stage.files('chained').chainPath, 'utf8');
      writeFileSync(leaf, text.slice(0, text.indexOf('-----END CERTIFICATE-----') + 26));
      return by(stage, keyPath, leaf, ['--manifest-signature', 'jws']);
    },
  },
  {
    name: 'kind of key that kernels do not verify',
    run: async (stage) => {
      const folder = stage.scratch();
      const maker = new CertificateMaker(folder);
      await maker.make({ name: 'ed', extensions: SIGNER, key: ['-algorithm', 'ED25519'], digest: 'sha256' });
      return by(stage, maker.path('ed', 'key'), maker.path('ed'));
    },
  },
  {
    name: 'certificate of a TLS server',
    run: (stage) => {
      const chain = writeChain({ extensions: [purposes(['serverAuth'])] }, {});
      const { keyPath, chainPath } = chainFiles(stage.scratch(), 'server', chain);
      return by(stage, keyPath, chainPath);
    },
  },
  {
    name: 'certificate with a name that its CA may not certify',
    run: (stage) => {
      const constraints = nameConstraints({ permitted: [dns('example.org')] });
      const leaf = { extensions: [alternativeNames(dns('example.net'))] };
      const chain = writeChain(leaf, { extensions: [constraints] });
      const { keyPath, chainPath } = chainFiles(stage.scratch(), 'outside', chain);
      return by(stage, keyPath, chainPath);
    },
  },
  {
    name: 'RSA key of a plugin',
    run: async (stage) => {
      const libexec = stage.scratch();
      const { reference } = await installPlugin(libexec, { key: 'rsa2048' });
      return bySharedKey(stage, reference, { NOTATION_LIBEXEC: libexec });
    },
  },
  {
    name: 'plugin that is not installed',
    run: (stage) =>
      bySharedKey(stage, 'notation-plugin://com.example.missing/key', { NOTATION_LIBEXEC: stage.scratch() }),
  },
  {
    name: 'Vault without a token',
    run: (stage) => bySharedKey(stage, 'hashivault://release', { VAULT_ADDR: 'http://127.0.0.1:1' }),
  },
];
