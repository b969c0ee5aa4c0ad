import { VeritySignError } from '../../../errors.ts';
import { parseReference, referenceName } from '../../../oci/image/reference.ts';
import type {
  Enforcement,
  StoreType,
  TrustStatement,
} from '../../../signatures/notary/trust-policy/trust-policy.ts';
import { WITHOUT_POLICY } from '../../../signatures/notary/trust-policy/trust-policy.ts';
import { parseSignerIdentity, type SignerIdentity } from '../../../signatures/x509/identity.ts';
import type { RunContext, VerifyOptions } from '../../shared/options.ts';
import { readTrustPolicy, statementFor } from './trust-policy-file.ts';
import { loadTrustStore, readTrustedCertificates } from './trust-stores.ts';

/** DER certificates, or why a trust store cannot be read. */
export type Anchors = readonly Uint8Array[] | VeritySignError;

/** Whom to believe, and when. */
export interface Trust {
  /** DER certificates that vouch for signers: those of the stores `ca`. */
  anchors: Anchors;
  /** For signatures that a signing authority made. */
  signingAuthorities: Anchors;
  /** Roots of timestamp authorities; undefined if timestamps are not looked at. */
  tsa: Anchors | undefined;
  /** One of them the signer must have; empty: any signer that the anchors vouch for. */
  identities: readonly SignerIdentity[];
  at: Date;
  allowExpired: boolean;
  enforcement: Enforcement;
  /** What chose the above; undefined without a trust policy. */
  policy: { path: string; scope: string; statement: TrustStatement } | undefined;
}

/**
 * Reads the trusted certificates, or the trust policy and what it names. Without any, nothing is
 * trusted by itself.
 * @throws VeritySignError 'usage'
 */
export async function loadTrust(options: VerifyOptions, { now }: RunContext): Promise<Trust> {
  const { allowExpired, at = now } = options;
  const identities = options.signerIdentities.map(parseSignerIdentity);
  const common = { identities, at, allowExpired };
  if (options.trustPolicy !== undefined)
    return { ...common, ...(await byPolicy(options.trustPolicy, options)) };
  const { trustedCertificates, trustStores } = options;
  if (trustedCertificates.length + trustStores.length === 0) {
    throw new VeritySignError('usage', 'there is nobody to trust', {
      remedy:
        "Give trusted-certificate (PEM files), trust-store (the name of one of notation's stores) or trust-policy",
    });
  }
  const stores = trustStores.map(parseStore);
  const of = async (type: StoreType): Promise<Uint8Array[]> =>
    (await Promise.all(stores.filter((store) => store.type === type).map(load))).flat();
  const files = (await Promise.all(trustedCertificates.map(readTrustedCertificates))).flat();
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

/** Only what is needed must be there, as with notation: the rest is told when it is wanted. */
async function byPolicy(path: string, options: VerifyOptions) {
  const policy = await readTrustPolicy(path);
  const scope = scopeOf(options);
  const statement = statementFor(policy, scope);
  const { trustStores, enforcement } = statement;
  const of = async (type: StoreType): Promise<Anchors> => {
    try {
      // A store that is named twice counts once.
      const names = new Set(trustStores.filter((store) => store.type === type).map(({ name }) => name));
      return (await Promise.all([...names].map((name) => loadTrustStore(type, name)))).flat();
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

/** The repository by which a trust policy knows the image. */
function scopeOf({ image, trustPolicyScope }: VerifyOptions): string {
  const reference = parseReference(image);
  if (reference.kind === 'registry') {
    if (trustPolicyScope === undefined) return referenceName(reference);
    throw new VeritySignError('usage', `trust-policy-scope is not for an image in a registry: ${image}`, {
      remedy: 'Leave it out: the repository is the scope',
    });
  }
  if (trustPolicyScope !== undefined) return trustPolicyScope;
  throw new VeritySignError('usage', `the trust policy needs a scope for ${image}`, {
    remedy: 'Give trust-policy-scope, such as local/my-layout, as notation verify --oci-layout --scope',
  });
}
