import type { Recipe } from '../../convert/erofs/recipe.ts';
import type { Stopwatch } from '../../lib/stopwatch.ts';
import type { ImageLayer, PlatformManifest, ResolvedImage } from '../../model/index.ts';
import type { PreflightReport } from '../../report/node/preflight-report.ts';
import type { Certificate } from '../../signatures/x509/certificate.ts';
import type { RunContext } from '../shared/options.ts';
import { hasTars } from '../shared/plan.ts';
import type { SignatureSet } from '../verify/layers/evaluate-referrer.ts';
import type { LayerDisks } from './layer-disks.ts';
import type { Disk, ImageJob, Machine } from './machine.ts';
import type { PreflightOptions } from './options.ts';
import { Collected } from './report/collect.ts';
import { preflightReport } from './report/report.ts';
import type { JobLayer, JobProgram } from './vm/job.ts';

/** An image that is ready to be tested. */
export interface ImageTest {
  options: Pick<PreflightOptions, 'image' | 'allowDenials' | 'network'>;
  image: ResolvedImage;
  manifest: PlatformManifest;
  recipe: Recipe;
  /** Undefined if the image has no signatures for the profile. */
  set: SignatureSet | undefined;
  disks: LayerDisks;
  certificates: readonly Certificate[];
  program: JobProgram | undefined;
  watch: Stopwatch;
}

/**
 * Boots an image under enforcement and judges what the VM reports.
 * @throws VeritySignError 'unchecked' if the VM cannot be started, 'cancelled'
 */
export async function testImage(
  test: ImageTest,
  machine: Machine,
  { log }: RunContext,
): Promise<PreflightReport> {
  const { options, image, manifest, recipe, set, certificates, program, watch } = test;
  const layers = manifest.layers.map((layer) => jobLayer(layer, test));
  const job: ImageJob = {
    layers,
    network: options.network,
    list: true,
    program,
    tamper: largest(manifest.layers, test.disks)?.index,
  };
  const found = new Collected();
  const booted = await log.group('Boot under enforcement', async (own) => {
    const done = await machine.boot(job, distinctDisks(manifest.layers, test.disks), (event) =>
      found.add(event),
    );
    own.info(
      `kernel ${found.kernel?.release ?? 'unknown'}, ${done.accelerator}, ${done.seconds.toFixed(1)} s`,
    );
    return done;
  });
  const { digest, mediaType } = image.root;
  return preflightReport(
    {
      image: { reference: options.image, name: image.name, digest, mediaType },
      manifest,
      profile: recipe.profile,
      class: hasTars({ manifests: [manifest] }) ? recipe.class : undefined,
      mkfsOptions: recipe.mkfsOptions,
      signatures: set && { referrer: set.referrer, signers: signersOf(set) },
      certificates,
      layers,
      signedRootHashes: new Map(set?.layers.map(({ layer, rootHash }) => [layer.index, rootHash])),
      program,
      allowDenials: options.allowDenials,
      seconds: { total: watch.total(), resolve: watch.of('resolve'), convert: watch.of('convert') },
    },
    found,
    booted,
    machine,
  );
}

function jobLayer(layer: ImageLayer, { set, disks }: ImageTest): JobLayer {
  const { serial, verity } = disks.of(layer);
  const signed = set?.layers.find((one) => one.layer.index === layer.index);
  return {
    number: layer.index,
    serial,
    hashOffset: verity.dataSize,
    rootHash: verity.rootHash,
    pkcs7: signed?.pkcs7,
  };
}

function distinctDisks(layers: readonly ImageLayer[], disks: LayerDisks): Disk[] {
  const all = layers.map((layer) => disks.of(layer));
  return [...new Map(all.map(({ serial, path }) => [serial, { serial, path }])).values()];
}

/** Only in an image of several blocks can a byte be changed beside what is read to mount it. */
function largest(layers: readonly ImageLayer[], disks: LayerDisks): ImageLayer | undefined {
  const size = (layer: ImageLayer): number => disks.of(layer).verity.dataSize;
  return layers.toSorted((a, b) => size(b) - size(a))[0];
}

function signersOf({ layers }: SignatureSet): string[] {
  return [...new Set(layers.flatMap(({ signer }) => signer?.subject ?? []))];
}
