/** Signs with the test PKI, and runs the real notation. */
import { constants, createPrivateKey, sign } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../src/lib/process/run.ts';
import { THUMBPRINTS } from '../../src/model/annotations.ts';
import { NOTARY_ARTIFACT_TYPE } from '../../src/model/artifact-types.ts';
import type { Descriptor, SignatureArtifact } from '../../src/model/index.ts';
import type { KeySpec, RawSignature } from '../../src/model/signing.ts';
import type { ReferrerStore } from '../../src/oci/attach/store.ts';
import { thumbprintsAnnotation } from '../../src/signatures/notary/certificates/signing-chain.ts';
import { algorithmOfKey } from '../../src/signatures/notary/envelope/algorithms.ts';
import {
  ENVELOPE_MEDIA_TYPE,
  type EnvelopeFormat,
  type EnvelopeRequest,
} from '../../src/signatures/notary/envelope/envelope.ts';
import { readCertificate } from '../../src/signatures/x509/certificate.ts';
import { readPem } from '../../src/signatures/x509/pem.ts';
import { attachAndReadBack } from './attach.ts';
import { type LeafFiles, pki } from './pki.ts';
import { toolEnvironment, toolPath } from './tools.ts';

export type RawSign = (bytes: Uint8Array) => Promise<RawSignature>;

export interface NotaryIdentity {
  files: LeafFiles;
  /** DER, leaf to root. */
  chain: Uint8Array[];
  spec: KeySpec;
  /** RSASSA-PSS, or ECDSA in DER. */
  sign: RawSign;
  /** The signature with ECDSA as r‖s. */
  signP1363: RawSign;
}

export async function chainOf(pemPath: string): Promise<Uint8Array[]> {
  return readPem(await readFile(pemPath), 'CERTIFICATE').map(({ bytes }) => bytes);
}

/** An identity of the test PKI, by the name of its leaf. */
export async function identity(name: string): Promise<NotaryIdentity> {
  const files = (await pki()).leaf(name);
  const chain = await chainOf(files.fullChainPath);
  const { key: publicKey } = readCertificate(chain[0] ?? new Uint8Array());
  const algorithm = algorithmOfKey(publicKey);
  if (algorithm === undefined) throw new Error(`${name} has no algorithm of Notary`);
  const { kind, bits, digest } = algorithm;
  const key = createPrivateKey(await readFile(files.keyPath));
  const raw =
    (dsaEncoding: 'der' | 'ieee-p1363'): RawSign =>
    async (bytes) => {
      if (kind === 'ec') {
        const scheme = dsaEncoding === 'der' ? 'ecdsa-der' : 'ecdsa-p1363';
        return { scheme, digest, value: sign(digest, bytes, { key, dsaEncoding }) };
      }
      const how = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
      return { scheme: 'rsa-pss', digest, value: sign(digest, bytes, { key, ...how }) };
    };
  return {
    files,
    chain,
    spec: { kind, bits, digest } as KeySpec,
    sign: raw('der'),
    signP1363: raw('ieee-p1363'),
  };
}

export function requestFor(
  { chain, spec }: NotaryIdentity,
  { mediaType, digest, size }: Descriptor,
  more: Partial<EnvelopeRequest> = {},
): EnvelopeRequest {
  const target = { mediaType, digest, size };
  return { target, chain, spec, signingTime: new Date(), agent: 'verity-sign/0.0.0', ...more };
}

export interface SignedEnvelope {
  bytes: Uint8Array;
  chain: readonly Uint8Array[];
}

export function notaryArtifact(
  subject: Descriptor,
  format: EnvelopeFormat,
  envelope: SignedEnvelope,
): SignatureArtifact {
  return {
    artifactType: NOTARY_ARTIFACT_TYPE,
    configType: NOTARY_ARTIFACT_TYPE,
    subject,
    annotations: { [THUMBPRINTS]: thumbprintsAnnotation(envelope.chain) },
    files: [{ mediaType: ENVELOPE_MEDIA_TYPE[format], bytes: envelope.bytes, annotations: {} }],
  };
}

export async function attachEnvelope(
  store: ReferrerStore,
  subject: Descriptor,
  format: EnvelopeFormat,
  envelope: SignedEnvelope,
  folder: string,
): Promise<Descriptor> {
  return attachAndReadBack(store, notaryArtifact(subject, format, envelope), folder);
}

/** notation with its own configuration folder. */
export class Notation {
  readonly folder: string;

  /** @param home An empty folder. */
  constructor(home: string) {
    this.folder = join(home, 'notation');
  }

  /** Sets a trust policy for all scopes, and the trusted certificates by the name of the store. */
  async configure(stores: Record<`${'ca' | 'tsa'}:${string}`, string[]>, policy: object = {}): Promise<void> {
    for (const [name, certificates] of Object.entries(stores)) {
      const store = join(this.folder, 'truststore/x509', ...name.split(':'));
      await mkdir(store, { recursive: true });
      for (const [index, path] of certificates.entries()) {
        await writeFile(join(store, `${index}.pem`), await readFile(path));
      }
    }
    const statement = {
      name: 'all',
      registryScopes: ['*'],
      signatureVerification: { level: 'strict' },
      trustStores: Object.keys(stores),
      trustedIdentities: ['*'],
      ...policy,
    };
    await mkdir(this.folder, { recursive: true });
    const document = { version: '1.0', trustPolicies: [statement] };
    await writeFile(join(this.folder, 'trustpolicy.json'), JSON.stringify(document));
  }

  async addKey({ name, keyPath, fullChainPath }: LeafFiles): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const keys = [{ name, keyPath, certPath: fullChainPath }];
    await writeFile(join(this.folder, 'signingkeys.json'), JSON.stringify({ keys }));
  }

  /** @throws ToolError with what notation said */
  async run(...args: string[]): Promise<string> {
    const env = toolEnvironment({
      XDG_CONFIG_HOME: join(this.folder, '..'),
      XDG_CACHE_HOME: join(this.folder, '../cache'),
      HOME: join(this.folder, '..'),
      NOTATION_EXPERIMENTAL: '1',
    });
    const { stdout } = await run([toolPath('notation'), ...args], { env, timeout: 300_000 });
    return stdout.toString();
  }

  verifyLayout(directory: string, digest: string): Promise<string> {
    return this.run('verify', '--oci-layout', `${directory}@${digest}`, '--scope', 'local/test', '-v');
  }
}
