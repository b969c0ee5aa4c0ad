import type { ConversionCache } from '../../convert/conversion-cache.ts';
import type { ConvertContext, ConvertOptions } from '../../convert/options.ts';
import type { ArtifactFormat } from '../../model/artifact-formats.ts';
import type { RegistryCredentials } from '../../oci/oras/login/logins.ts';
import type { PreflightSettings } from './preflight-settings.ts';

/** How to reach registries. */
export interface RegistryOptions {
  /** For other registries the credentials in docker's and podman's files are used. */
  credentials?: readonly RegistryCredentials[];
  plainHttp: boolean;
  /** The registry's certificate authority: path, `env://NAME` or PEM. */
  caFile?: string;
  /** By which this client identifies itself: path, `env://NAME` or PEM. */
  clientCertificate?: string;
  /** Path of the key of `clientCertificate`. */
  clientKey?: string;
  /** How referrers are found and attached: by the API, by the fallback tag, or whatever works. */
  referrers: 'auto' | 'api' | 'tag';
}

/** Programs elsewhere than on PATH. */
export interface ToolOptions {
  orasPath?: string;
  mkfsPath?: string;
}

/** What every command that opens an image takes. */
export interface CommonOptions extends ConvertOptions {
  /** Such as `linux/arm64/v8`; empty for every platform of an index. */
  platforms: string[];
  registry: RegistryOptions;
  tools: ToolOptions;
  /** Media types, or `nondistributable`, of layers that may stay unsigned. */
  allowSkip: string[];
}

/**
 * Signatures of layers: `all` refuses an index with an image that gets no signature, `required` refuses
 * images that a Linux node may run and whose layers cannot be signed, `auto` accepts images without
 * (Windows images), `none` signs no layers.
 */
export type LayersChoice = 'all' | 'required' | 'auto' | 'none';

export interface SignOptions extends CommonOptions {
  image: string;
  /** Path, `env://NAME`, or a key in a KMS or notation plugin. Not needed for a dry run. */
  key?: string;
  /** Path or `env://NAME`. */
  keyPassphrase?: string;
  /**
   * Path, `env://NAME` or PEM: leaf first, then its issuers; the root optional but for manifest signatures. Not needed
   * for a dry run, nor where the key's holder has the chain.
   */
  certificate?: string;
  /** For a notation plugin. */
  pluginConfig: Record<string, string>;
  /** Redacted in the output of a notation plugin, in addition to the values that `env://NAME` names. */
  pluginSecrets?: readonly string[];
  layers: LayersChoice;
  /** The forms in which signatures of layers are attached: a referrer each. Default: `notary`. */
  artifactFormats?: readonly ArtifactFormat[];
  /** Envelope of the Notary Project signature that each manifest gets as well. */
  manifestSignature: 'none' | 'jws' | 'cose';
  /** Milliseconds, whole seconds, after which a manifest signature is no longer valid. */
  signatureExpiry?: number;
  /** RFC 3161 authority for manifest signatures; with `timestampCertificate`. */
  timestampUrl?: string;
  /** The root of the timestamp authority: path, `env://NAME` or PEM. */
  timestampCertificate?: string;
  /** `REGISTRY/REPOSITORY:TAG`s, at least one, that get a local image once it is signed and checked. */
  pushTo?: readonly string[];
  /** Path of the layer cache that gets the layers, with their signatures, while they are signed. */
  exportDir?: string;
  /** Boots the signed image under enforcement before it is pushed; the run fails unless it passes. */
  preflight?: PreflightSettings;
  /** Everything but the key, the signatures, the attaching and the push. */
  dryRun: boolean;
  /** Extra annotations of the signature manifest. */
  annotations: Record<string, string>;
}

export interface RootHashOptions extends CommonOptions {
  /** Image references or files that hold one layer blob. */
  sources: string[];
}

export interface VerifyOptions extends CommonOptions {
  image: string;
  /** Certificates to trust, each a path, `env://NAME` or PEM; with `trustStores` at least one, without a trust policy. */
  trustedCertificates: string[];
  /** notation's trust stores: `NAME` for `x509/ca/NAME`, or with the kind, such as `tsa:NAME`. */
  trustStores: string[];
  /** notation's trust policy file, or `notation` for the one that notation has configured. */
  trustPolicy?: string;
  /** The repository by which the trust policy knows an image of a layout or archive. */
  trustPolicyScope?: string;
  /** `auto`: images whose layers cannot be signed need no signatures of layers. */
  layers: LayersChoice;
  /** Notary Project signatures of manifests: `auto` checks those that are there. */
  manifestSignature: 'auto' | 'required' | 'none';
  /** Subject attributes or a SHA-256 fingerprint, one of which the signer must have; empty: any trusted signer. */
  signerIdentities: string[];
  /** Accept signers whose certificates have expired, for short-lived ones: the kernel checks no dates. */
  allowExpired: boolean;
  /** Validity of certificates is evaluated at this time; default: now. */
  at?: Date;
  /** Build every layer's image anew and compare root hashes. Without it only the signer is proven. */
  recompute: boolean;
  /** Any referrer that does not verify is a failure, even beside one that does. */
  strict: boolean;
}

export interface InspectOptions extends CommonOptions {
  image: string;
}

/** A run of a workflow: URLs, the commit, and the workflow file with the reference it was taken from. */
export interface CiRun {
  source?: string;
  revision?: string;
  workflow?: string;
  runUrl?: string;
}

/** What a front end passes to a run in addition to the options. */
export interface RunContext extends ConvertContext {
  /** Values that `env://NAME` may name, by the name; they are no longer in `process.env`. */
  secrets: Readonly<Record<string, string>>;
  /** The workflow run, recorded in the artifact's annotations. */
  ci?: CiRun;
  /** Conversions of earlier images of the run. */
  conversions?: ConversionCache;
  /** Validity of certificates is evaluated at this time. */
  now: Date;
  /** For the annotation `created`: SOURCE_DATE_EPOCH where it is set, else `now`. */
  created: Date;
}
