import type { PlatformManifest, ProfileName } from '../../../model/index.ts';
import type { PreflightLayer, PreflightReport } from '../../../report/node/preflight-report.ts';
import { REPORT_HEAD } from '../../../report/tool.ts';
import type { Certificate } from '../../../signatures/x509/certificate.ts';
import { manifestReport, platformReport } from '../../shared/report-parts.ts';
import type { Booted, Machine } from '../machine.ts';
import type { JobLayer, JobProgram } from '../vm/job.ts';
import { judgeAttack } from './attacks.ts';
import type { Collected } from './collect.ts';
import { layerReason } from './errnos.ts';
import { runOf } from './run.ts';
import { verdictOf } from './verdict.ts';

/** What is known of a test beside the events. */
export interface TestFacts {
  image: PreflightReport['image'];
  manifest: PlatformManifest;
  profile: ProfileName;
  class: string | undefined;
  mkfsOptions: readonly string[];
  /** The set of signatures that was given to the kernel. */
  signatures: { referrer: string; signers: readonly string[] } | undefined;
  certificates: readonly Pick<Certificate, 'subject' | 'fingerprint'>[];
  layers: readonly JobLayer[];
  /** By number of the layer: the signed root hash. */
  signedRootHashes: ReadonlyMap<number, string>;
  program: JobProgram | undefined;
  allowDenials: boolean;
  seconds: { total: number; resolve: number; convert: number };
}

/** Pure. */
export function preflightReport(
  facts: TestFacts,
  found: Collected,
  booted: Booted,
  machine: Pick<Machine, 'source' | 'policy'>,
): PreflightReport {
  const { image, manifest, profile, mkfsOptions, signatures, certificates, program, allowDenials } = facts;
  const { files, shadowed, whiteouts, lostRecords, lostEvents, overlay, complete, refusedParts } = found;
  const kernel = {
    release: found.kernel?.release ?? 'unknown',
    source: machine.source,
    accelerator: booted.accelerator,
    requireSignatures: isOn(found.kernel?.requireSignatures),
    ipeEnforced: isOn(found.kernel?.ipeEnforce),
    policy: machine.policy,
  };
  const layers = facts.layers.map((layer) => layerOf(layer, facts, found));
  const run = program && runOf(program, found);
  const denials = found.denials.list(files);
  const attacks = found.attacks.map(judgeAttack);
  const judgement = verdictOf({
    kernel: found.kernel && kernel,
    refusedParts,
    layers,
    overlay,
    files,
    program: program !== undefined,
    run,
    denials,
    lostRecords,
    lostEvents,
    attacks,
    complete,
    late: booted.late,
    allowDenials,
  });
  return {
    ...REPORT_HEAD,
    image,
    ...platformReport(manifest.platform),
    manifest: manifestReport(manifest.descriptor),
    profile,
    ...(facts.class === undefined ? {} : { class: facts.class }),
    mkfsOptions: [...mkfsOptions],
    ...(signatures === undefined
      ? {}
      : { signatures: { referrer: signatures.referrer, signers: [...signatures.signers] } }),
    certificates: certificates.map(({ subject, fingerprint }) => ({ subject, fingerprint })),
    verdict: judgement.verdict,
    passed: judgement.verdict === 'runs' || judgement.verdict === 'accepted',
    summary: judgement.summary,
    kernel,
    layers,
    files,
    shadowed,
    whiteouts,
    ...(run === undefined ? {} : { run }),
    denials,
    ...(lostRecords === 0 ? {} : { lostRecords }),
    ...(lostEvents === 0 ? {} : { lostEvents }),
    attacks,
    seconds: { ...facts.seconds, boot: booted.seconds },
  };
}

/** As the kernel shows a flag: of a module `Y`, in securityfs `1`. */
function isOn(shown: string | undefined): boolean {
  return shown?.trim() === '1' || shown?.trim() === 'Y';
}

function layerOf(
  layer: JobLayer,
  { manifest, signedRootHashes }: TestFacts,
  found: Collected,
): PreflightLayer {
  const { number, rootHash, pkcs7 } = layer;
  const own = manifest.layers.find(({ index }) => index === number);
  if (own === undefined) throw new TypeError(`the image has no layer ${number}`);
  const signedHash = signedRootHashes.get(number);
  const isOther = signedHash !== undefined && signedHash !== rootHash;
  const event = found.layers.get(number);
  const accepted = event?.step === 'mount' && event.outcome === 'OK';
  const otherHash = isOther ? `; the signature is for the root hash ${signedHash}` : '';
  return {
    index: number,
    digest: own.descriptor.digest,
    diffId: own.diffId,
    rootHash,
    ...(isOther ? { signedRootHash: signedHash } : {}),
    signed: pkcs7 !== undefined,
    accepted,
    step: event?.step ?? 'none',
    outcome: event?.outcome ?? 'not reported',
    ...(accepted || event === undefined
      ? {}
      : {
          reason: `${layerReason(event.step, event.outcome, pkcs7 !== undefined, layer.hashOffset)}${otherHash}`,
        }),
  };
}
