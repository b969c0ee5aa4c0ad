import { VeritySignError } from '../../../errors.ts';
import { firstErrorInOrder } from '../../../lib/concurrent.ts';
import { type ImageReference, referenceName } from '../../../oci/image/reference.ts';
import type {
  Enforcement,
  StoreType,
  TrustStatement,
} from '../../../signatures/notary/trust-policy/trust-policy.ts';
import { WITHOUT_POLICY } from '../../../signatures/notary/trust-policy/trust-policy.ts';
import { parseSignerIdentity, type SignerIdentity } from '../../../signatures/x509/identity.ts';
import type { RunContext, VerifyOptions } from '../../shared/options.ts';
import { readTrustPolicy, statementFor } from './trust-policy-file.ts';
import { loadTrustStore, readTrustedInput } from './trust-stores.ts';

/** DER certificates, or why a trust store cannot be read. */
export type Anchors = readonly Uint8Array[] | VeritySignError;

/** Which signers are trusted, and at what time. */
export interface Trust {
  /** Trust anchors of signers, DER: those of the stores `ca`. */
  anchors: Anchors;
  /** Trust anchors of signatures by a signing authority. */
  signingAuthorities: Anchors;
  /** Roots of timestamp authorities; undefined if timestamps are not checked. */
  tsa: Anchors | undefined;
  /** Accepted identities of the signer; empty: any signer whose chain ends in an anchor. */
  identities: readonly SignerIdentity[];
  at: Date;
  allowExpired: boolean;
  enforcement: Enforcement;
  /** The trust policy that chose the above; undefined without one. */
  policy: { path: string; scope: string; statement: TrustStatement } | undefined;
}

/**
 * Reads the trusted certificates, or the trust policy and the stores that it names.
 * @throws VeritySignError 'usage'
 */
export async function loadTrust(
  options: VerifyOptions,
  reference: ImageReference,
  { now, secrets }: RunContext,
): Promise<Trust> {
  const { allowExpired, at = now } = options;
  const identities = options.signerIdentities.map(parseSignerIdentity);
  const common = { identities, at, allowExpired };
  if (options.trustPolicy !== undefined)
    return { ...common, ...(await byPolicy(options.trustPolicy, scopeOf(options, reference))) };
  const { trustedCertificates, trustStores } = options;
  if (trustedCertificates.length + trustStores.length === 0) {
    throw new VeritySignError('usage', 'no trusted certificates given', {
      remedy:
        "Give trusted-certificate (PEM files), trust-store (the name of one of notation's stores) or trust-policy",
    });
  }
  const stores = trustStores.map(parseStore);
  const of = async (type: StoreType): Promise<Uint8Array[]> =>
    (await firstErrorInOrder(stores.filter((store) => store.type === type).map(load))).flat();
  const files = (
    await firstErrorInOrder(trustedCertificates.map((given) => readTrustedInput(given, secrets)))
  ).flat();
  return {
    ...common,
    anchors: [...files, ...(await of('ca'))],
    signingAuthorities: await of('signingAuthority'),
    tsa: stores.some(({ type }) => type === 'tsa') ? await of('tsa') : undefined,
    enforcement: WITHOUT_POLICY,
    policy: undefined,
  };
}

type Store = TrustStatement['trustStores'][number];

const load = ({ type, name }: Store): Promise<Uint8Array[]> => loadTrustStore(type, name);

/** `NAME` of a store of certificate authorities, or `TYPE:NAME` as in a trust policy. */
function parseStore(text: string): Store {
  const [, kind = 'ca', name = ''] = /^(?:([^:]*):)?(.*)$/s.exec(text) ?? [];
  const type = (['ca', 'signingAuthority', 'tsa'] as const).find((one) => one === kind);
  if (type !== undefined) return { type, name };
  throw new VeritySignError('usage', `trust-store: ${JSON.stringify(kind)} is not a kind of trust store`, {
    remedy: 'Give NAME, ca:NAME, signingAuthority:NAME or tsa:NAME',
  });
}

/** As with notation, a store that cannot be read is reported only when a signature needs it. */
async function byPolicy(path: string, scope: string) {
  const policy = await readTrustPolicy(path);
  const statement = statementFor(policy, scope);
  const { trustStores, enforcement } = statement;
  const of = async (type: StoreType): Promise<Anchors> => {
    try {
      // A store that is named twice counts once.
      const names = new Set(trustStores.filter((store) => store.type === type).map(({ name }) => name));
      return (await firstErrorInOrder([...names].map((name) => loadTrustStore(type, name)))).flat();
    } catch (error) {
      if (error instanceof VeritySignError) return error;
      throw error;
    }
  };
  return {
    anchors: await of('ca'),
    signingAuthorities: await of('signingAuthority'),
    tsa: trustStores.some(({ type }) => type === 'tsa') ? await of('tsa') : undefined,
    enforcement,
    policy: { path: policy.path, scope, statement },
  };
}

/** The registry scope by which a trust policy selects the image's statement. */
function scopeOf({ image, trustPolicyScope }: VerifyOptions, reference: ImageReference): string {
  if (reference.kind === 'registry') {
    if (trustPolicyScope === undefined) return referenceName(reference);
    throw new VeritySignError(
      'usage',
      `trust-policy-scope has no effect for an image in a registry: ${image}`,
      {
        remedy: 'Omit it: the repository is the scope',
      },
    );
  }
  if (trustPolicyScope !== undefined) return trustPolicyScope;
  throw new VeritySignError('usage', `the trust policy needs a scope for ${image}`, {
    remedy: 'Give trust-policy-scope, such as local/my-layout, as notation verify --oci-layout --scope',
  });
}
