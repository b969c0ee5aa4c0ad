import { recipesFor } from '../../../convert/erofs/recipe.ts';
import { VeritySignError } from '../../../errors.ts';
import { Stopwatch } from '../../../lib/stopwatch.ts';
import type { ResolvedImage } from '../../../model/index.ts';
import { parseContainerSettings } from '../../../oci/image-config.ts';
import type { PreflightReport } from '../../../report/node/preflight-report.ts';
import { type Certificate, readCertificate } from '../../../signatures/x509/certificate.ts';
import { openMachine } from '../../preflight/boot-machine.ts';
import { convertToDisks } from '../../preflight/convert-disks.ts';
import { LayerDisks } from '../../preflight/layer-disks.ts';
import { manifestFor, vmPlatforms } from '../../preflight/manifest.ts';
import { programOf } from '../../preflight/program.ts';
import { readSignatures } from '../../preflight/read-signatures.ts';
import { testImage } from '../../preflight/test-image.ts';
import { readTrusted } from '../../preflight/trusted.ts';
import type { OpenImage } from '../../shared/open-image.ts';
import type { RunContext } from '../../shared/options.ts';
import type { PreflightSettings } from '../../shared/preflight-settings.ts';
import type { SignRun } from '../../shared/run.ts';
import type { SigningContext } from '../signing-context.ts';

/** The test of the image of a run of signing. */
export interface PreflightStage {
  /** Gets the layers while they are converted for signing; undefined with export-dir, which takes their files. */
  disks: LayerDisks | undefined;
  /**
   * Reads the signatures back from where they are attached, and boots the image.
   * @throws VeritySignError 'unchecked' if the VM could not be started; a bad verdict is in the report
   */
  run(): Promise<PreflightReport>;
}

/**
 * Prepares the test before any layer is converted, so that a missing QEMU and an image of another architecture are
 * reported first. The first profile and class of the run are tested.
 * @param signing whose last certificate the VM trusts unless others are given
 * @throws VeritySignError 'usage', 'environment', 'unchecked'
 */
export async function openPreflightStage(
  settings: PreflightSettings,
  image: ResolvedImage,
  { source, store }: Pick<OpenImage, 'source' | 'store'>,
  signing: SigningContext | undefined,
  { options, context, folder }: SignRun,
): Promise<PreflightStage> {
  const [recipe] = recipesFor(options);
  if (recipe === undefined) throw new TypeError('no recipe');
  const { manifest, architecture } = manifestFor(image, vmPlatforms(settings));
  const program = programOf(parseContainerSettings(await source.config(manifest.config)), settings);
  const certificates = await trustedBy(settings, signing, context);
  const machine = await openMachine({ ...settings, architecture }, certificates, folder, context);
  const own = options.exportDir === undefined ? new LayerDisks(folder, recipe, manifest.layers) : undefined;

  const run = async (): Promise<PreflightReport> => {
    const watch = new Stopwatch();
    const classes = recipe.class === undefined ? undefined : [recipe.class];
    const wanted = { profile: recipe.profile, classes, certificates };
    const set = await readSignatures(store, manifest, wanted, context);
    const convert = () =>
      context.log.group('Write the layers to disks', (log) =>
        convertToDisks(manifest, source, recipe, { folder, options, context: { ...context, log } }),
      );
    const disks = own ?? (await watch.time('convert', convert));
    const tested = { ...settings, image: options.image };
    try {
      const test = { options: tested, image, manifest, recipe, set, disks, certificates, program, watch };
      return await testImage(test, machine, context);
    } finally {
      await disks.remove();
    }
  };
  return { disks: own, run };
}

async function trustedBy(
  settings: PreflightSettings,
  signing: SigningContext | undefined,
  context: RunContext,
): Promise<Certificate[]> {
  const given = await readTrusted(settings, context);
  const last = signing?.certificates.at(-1);
  if (given.length > 0) return given;
  if (last !== undefined) return [readCertificate(last)];
  throw new VeritySignError('usage', 'preflight has no certificate that the VM is to trust', {
    remedy: 'Give preflight-certificate',
  });
}
