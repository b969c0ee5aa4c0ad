import type { VeritySignError } from '../../errors.ts';
import type { Stopwatch } from '../../lib/stopwatch.ts';
import type { BuilderInfo, Descriptor, ResolvedImage, SkippedManifest } from '../../model/index.ts';
import { REPORT_HEAD } from '../../report/tool.ts';
import type {
  LayerVerdict,
  PlatformVerdict,
  SignatureSetReport,
  Verdict,
  VerifyReport,
} from '../../report/verify-report.ts';
import { skippedButRun, type Uncovered, uncoveredReport } from '../shared/coverage.ts';
import type { VerifyOptions } from '../shared/options.ts';
import { plainErofsText } from '../shared/plain-erofs.ts';
import {
  builderReport,
  manifestReport,
  platformReport,
  signerReport,
  skippedLayersReport,
  skippedReport,
} from '../shared/report-parts.ts';
import type { EvaluatedIndex, EvaluatedPlatform } from './evaluate-image.ts';
import type { SignatureSet, SignedLayer } from './layers/evaluate-referrer.ts';
import type { ProfileOutcome } from './layers/layer-verdict.ts';
import { manifestVerdict, notaryReport } from './notary-report.ts';
import type { Trust } from './trust/load-trust.ts';
import { worstVerdict } from './worst-verdict.ts';

const ENFORCEMENT =
  'Only a kernel enforces signatures: this verdict says who signed what, not that a node requires it.';
const NO_CONFIGURATION =
  'No manifest signature was verified: entrypoint, user and environment are not covered, nor which layers belong together. Sign with manifest-signature, and require it.';
const NO_LAYERS = 'Layer signatures were not checked.';
const SIGNER_ONLY =
  'Root hashes were not recomputed: the signer is proven, but not that the hashes belong to these layers.';

/** All results of a run of `verify`. */
export interface EvaluatedImage {
  options: VerifyOptions;
  trust: Trust;
  image: ResolvedImage;
  /** Undefined if nothing was built. */
  builder: BuilderInfo | undefined;
  oras: string | undefined;
  platforms: readonly EvaluatedPlatform[];
  /** Undefined for a single manifest, or if Notary signatures are not checked. */
  index: EvaluatedIndex | undefined;
  uncovered: readonly Uncovered[];
  watch: Stopwatch;
}

export function verifyReport(checked: EvaluatedImage): VerifyReport {
  const { options, trust, image, builder, oras, index, watch } = checked;
  // A signed index covers all that it lists; otherwise no node may run what was not checked.
  const covered = options.layers === 'none' && index?.notary.verdict === 'verified';
  const others = covered ? [] : skippedButRun(image, options.platforms).map(skippedVerdict);
  const missing = options.layers === 'all' ? checked.uncovered.map(uncoveredVerdict) : [];
  const platforms = [...checked.platforms.map(platformVerdict), ...others, ...missing];
  const verdict = worstVerdict(
    [...platforms, ...(index === undefined ? [] : [index])].map((one) => one.verdict),
  );
  const first = platforms.find((platform) => platform.verdict === verdict);
  const several = platforms.length > 1 || index !== undefined;
  const where = several
    ? `${first === undefined ? 'index' : (first.platform ?? first.manifest.digest)}: `
    : '';
  const reason = first?.reason ?? index?.reason ?? verdict;
  const { digest, mediaType } = image.root;
  const configurationCovered = platforms.every(
    ({ manifestSignature }) => manifestSignature?.verdict === 'verified',
  );
  const { notes, ...facts } = common(options, trust, watch);
  return {
    ...facts,
    verdict,
    ...(verdict === 'verified' ? {} : { reason: `${where}${reason}` }),
    image: { reference: options.image, name: image.name, digest, mediaType },
    ...builderReport(builder),
    ...(oras === undefined ? {} : { oras }),
    ...(index === undefined ? {} : { index: indexReport(index, image) }),
    platforms,
    configurationCovered,
    uncovered: uncoveredReport(checked.uncovered),
    skipped: skippedReport(image),
    notes: [
      ...notes,
      ...(verdict === 'verified' && !configurationCovered ? [NO_CONFIGURATION] : []),
      ...plainErofsNotes(checked),
    ],
  };
}

/** Signatures that verify say nothing of whether a node uses them. */
function plainErofsNotes({ platforms, options }: EvaluatedImage): string[] {
  if (options.layers === 'none') return [];
  return platforms.flatMap(({ manifest }) => {
    const text = plainErofsText(manifest);
    return text === undefined ? [] : [`${manifest.descriptor.digest}: ${text}.`];
  });
}

/** Reports on an image that the trust policy exempts from verification. */
export function skippedImageReport(options: VerifyOptions, trust: Trust, watch: Stopwatch): VerifyReport {
  const { name = '', registryScopes = [] } = trust.policy?.statement ?? {};
  const whose = registryScopes.includes('*') ? 'all images' : `images of ${trust.policy?.scope}`;
  const reason = `statement "${name}" of the trust policy says not to verify ${whose} (skip)`;
  const required = options.manifestSignature === 'required';
  return {
    ...common(options, trust, watch),
    verdict: required ? 'unchecked' : 'skipped',
    reason: required ? `a manifest signature is required, but ${reason}` : reason,
    image: { reference: options.image },
    platforms: [],
    configurationCovered: false,
    uncovered: [],
    skipped: [],
    notes: ['Nothing was verified: no signature was checked.'],
  };
}

/** Reports on an image that could not be checked: it is broken, or out of reach. */
export function uncheckedReport(
  options: VerifyOptions,
  trust: Trust,
  error: VeritySignError,
  watch: Stopwatch,
): VerifyReport {
  return {
    ...common(options, trust, watch),
    verdict: error.code === 'image' ? 'invalid' : 'unchecked',
    reason: error.toLine(),
    image: { reference: options.image },
    platforms: [],
    configurationCovered: false,
    uncovered: [],
    skipped: [],
  };
}

function common(options: VerifyOptions, trust: Trust, watch: Stopwatch) {
  return {
    ...REPORT_HEAD,
    recompute: options.recompute,
    strict: options.strict,
    validAt: trust.at.toISOString(),
    ...policyReport(trust),
    notes: notesFor(options, trust),
    seconds: {
      total: watch.total(),
      resolve: watch.of('resolve'),
      fetch: watch.of('fetch'),
      convert: watch.of('convert'),
    },
  } as const satisfies Partial<VerifyReport>;
}

function policyReport({ policy, enforcement }: Trust): Pick<VerifyReport, 'trustPolicy'> {
  if (policy === undefined) return {};
  const { path, scope, statement } = policy;
  const { name, level } = statement;
  return { trustPolicy: { path, statement: name, scope, level, enforcement: { ...enforcement } } };
}

/** Notes on what the verdict does not cover. */
function notesFor({ layers, recompute }: VerifyOptions, { policy, enforcement }: Trust): string[] {
  const lenient = Object.entries(enforcement)
    .filter(([, action]) => action !== 'enforce')
    .map(([validation, action]) => `${validation} (${action})`);
  return [
    ...(policy !== undefined && lenient.length > 0
      ? [`The trust policy does not enforce everything: ${lenient.join(', ')}.`]
      : []),
    ...(layers === 'none' ? [NO_LAYERS] : recompute ? [ENFORCEMENT] : [SIGNER_ONLY, ENFORCEMENT]),
  ];
}

function indexReport(index: EvaluatedIndex, { root }: ResolvedImage): VerifyReport['index'] & object {
  return {
    manifest: manifestReport(root),
    ...outcome(index),
    manifestSignature: manifestVerdict(index.notary),
    manifestSignatures: index.signatures.map(notaryReport),
  };
}

function platformVerdict(checked: EvaluatedPlatform): PlatformVerdict {
  const { manifest, sets, layers, notary, signatures } = checked;
  const profiles = layers?.profiles ?? [];
  return {
    ...platformReport(manifest.platform),
    manifest: manifestReport(manifest.descriptor),
    ...outcome(checked),
    profiles: profiles.map((one) => ({
      profile: one.profile,
      ...outcome(one),
      ...(one.good === undefined ? {} : { referrer: one.good.referrer }),
    })),
    signatures: sets.map((set) => setReport(set, profiles)),
    skippedLayers: skippedLayersReport(manifest),
    ...(manifest.layersLeftOut === undefined ? {} : { layersLeftOut: manifest.layersLeftOut }),
    ...(notary === undefined ? {} : { manifestSignature: manifestVerdict(notary) }),
    manifestSignatures: signatures.map(notaryReport),
  };
}

function skippedVerdict({ descriptor, reason }: SkippedManifest): PlatformVerdict {
  const why = `a node may run ${descriptor.digest}, but its layers cannot be signed: ${reason}`;
  return verdictOn(descriptor, 'invalid', why);
}

/** With `layers: all`, an image that no signature covers. */
function uncoveredVerdict({ descriptor, reason }: Uncovered): PlatformVerdict {
  const why = `layers is all, but no signature covers ${descriptor.digest}: ${reason}`;
  return verdictOn(descriptor, 'not-signed', why);
}

/** The verdict on an entry of the index that was not read. */
function verdictOn(descriptor: Descriptor, verdict: Verdict, reason: string): PlatformVerdict {
  return {
    ...platformReport(descriptor.platform),
    manifest: manifestReport(descriptor),
    verdict,
    reason,
    profiles: [],
    signatures: [],
    skippedLayers: [],
    manifestSignatures: [],
  };
}

function setReport(set: SignatureSet, profiles: readonly ProfileOutcome[]): SignatureSetReport {
  const { recorded, profile } = set;
  const signers = new Map(set.layers.map(({ signer }) => [signer?.fingerprint, signer]));
  const counted = profiles.filter(({ good }) => good === set).map((one) => one.profile);
  const erofsUtils = {
    ...(recorded.version === undefined ? {} : { version: recorded.version }),
    ...(recorded.class === undefined ? {} : { class: recorded.class }),
  };
  const notes = [
    ...set.notes,
    ...(recorded.profile === undefined && set.verdict === 'verified'
      ? [
          profile === undefined
            ? `records no profile, counted for ${counted.join(', ') || 'none'}`
            : `records no profile, its root hashes are those of ${profile}`,
        ]
      : []),
  ];
  return {
    referrer: set.referrer,
    ...outcome(set),
    ...(profile === undefined ? {} : { profile }),
    ...(set.format === 'tardev' ? { artifactFormat: set.format } : {}),
    ...(recorded.mkfsOptions === undefined ? {} : { mkfsOptions: recorded.mkfsOptions.join(' ') }),
    ...(Object.keys(erofsUtils).length === 0 ? {} : { erofsUtils }),
    signers: [...signers.values()].flatMap((leaf) => (leaf === undefined ? [] : [signerReport(leaf)])),
    layers: set.layers.map(layerReport),
    notes,
  };
}

function layerReport(layer: SignedLayer): LayerVerdict {
  return {
    index: layer.layer.index,
    digest: layer.layer.descriptor.digest,
    ...outcome(layer),
    rootHash: layer.rootHash,
    signatureDigest: layer.signatureDigest,
    ...(layer.recomputed === undefined ? {} : { recomputedRootHash: layer.recomputed }),
    ...(layer.sharedFrom === undefined ? {} : { sharedFrom: layer.sharedFrom }),
  };
}

function outcome<V>({ verdict, reason }: { verdict: V; reason: string | undefined }): {
  verdict: V;
  reason?: string;
} {
  return reason === undefined ? { verdict } : { verdict, reason };
}
