import { type Recipe, recipesFor } from '../../../convert/erofs/recipe.ts';
import { VeritySignError } from '../../../errors.ts';
import { Stopwatch } from '../../../lib/stopwatch.ts';
import type { PlatformManifest, ResolvedImage } from '../../../model/index.ts';
import { parseContainerSettings } from '../../../oci/image-config.ts';
import type { PreflightReport } from '../../../report/node/preflight-report.ts';
import { openMachine } from '../../preflight/boot-machine.ts';
import { convertToDisks } from '../../preflight/convert-disks.ts';
import { LayerDisks } from '../../preflight/layer-disks.ts';
import type { Machine, OpenMachine } from '../../preflight/machine.ts';
import { manifestFor, VM_PLATFORM } from '../../preflight/manifest.ts';
import { programOf } from '../../preflight/program.ts';
import { readSignatures } from '../../preflight/read-signatures.ts';
import { testImage } from '../../preflight/test-image.ts';
import { certificateOf, readTrusted } from '../../preflight/trusted.ts';
import type { JobProgram } from '../../preflight/vm/job.ts';
import type { OpenImage } from '../../shared/open-image.ts';
import type { PreflightSettings } from '../../shared/preflight-settings.ts';
import type { SignRun } from '../../shared/run.ts';
import type { SigningContext } from '../signing-context.ts';

/** Boots the image of a run of signing, with its signatures as they are attached. */
export class PreflightStage {
  /** Gets the layers while they are converted for signing; undefined with export-dir, which takes their files. */
  readonly disks: LayerDisks | undefined;
  readonly #settings: PreflightSettings;
  readonly #machine: Machine;
  readonly #trusted: readonly Uint8Array[];
  readonly #image: ResolvedImage;
  readonly #manifest: PlatformManifest;
  readonly #program: JobProgram | undefined;
  readonly #recipe: Recipe;

  private constructor(
    settings: PreflightSettings,
    recipe: Recipe,
    disks: LayerDisks | undefined,
    tested: {
      image: ResolvedImage;
      manifest: PlatformManifest;
      program: JobProgram | undefined;
      machine: Machine;
      trusted: readonly Uint8Array[];
    },
  ) {
    this.disks = disks;
    this.#settings = settings;
    this.#recipe = recipe;
    this.#image = tested.image;
    this.#manifest = tested.manifest;
    this.#program = tested.program;
    this.#machine = tested.machine;
    this.#trusted = tested.trusted;
  }

  /**
   * Prepares the test before any layer is converted, so that a missing QEMU and an image of another architecture are
   * reported first. The first profile and class of the run are tested.
   * @param source of the image's config
   * @param signing whose last certificate the VM trusts unless others are given
   * @throws VeritySignError 'usage', 'environment', 'unchecked'
   */
  static async open(
    settings: PreflightSettings,
    image: ResolvedImage,
    { source }: Pick<OpenImage, 'source'>,
    signing: SigningContext | undefined,
    { options, context, folder }: SignRun,
    open: OpenMachine = openMachine,
  ): Promise<PreflightStage> {
    const [recipe] = recipesFor(options);
    if (recipe === undefined) throw new TypeError('no recipe');
    const manifest = manifestFor(image, VM_PLATFORM);
    const program = programOf(parseContainerSettings(await source.config(manifest.config)), settings);
    const given = await readTrusted(settings, context);
    const last = signing?.certificates.at(-1);
    const trusted = given.length > 0 || last === undefined ? given : [last];
    if (trusted.length === 0) {
      throw new VeritySignError('usage', 'preflight has no certificate that the VM is to trust', {
        remedy: 'Give preflight-certificate',
      });
    }
    const machine = await open(settings, trusted, folder, context);
    const disks =
      options.exportDir === undefined ? new LayerDisks(folder, recipe, manifest.layers) : undefined;
    return new PreflightStage(settings, recipe, disks, { image, manifest, program, machine, trusted });
  }

  /**
   * Reads the signatures back and boots the image.
   * @throws VeritySignError 'unchecked' if the VM could not be started; a bad verdict is in the report
   */
  async run({ source, store }: OpenImage, { options, context, folder }: SignRun): Promise<PreflightReport> {
    const watch = new Stopwatch();
    const [manifest, recipe] = [this.#manifest, this.#recipe];
    const classes = recipe.class === undefined ? undefined : [recipe.class];
    const wanted = { profile: recipe.profile, classes, certificates: this.#trusted };
    const set = await readSignatures(store, manifest, wanted, context);
    const disks =
      this.disks ??
      (await watch.time('convert', () =>
        context.log.group('Write the layers to disks', (log) =>
          convertToDisks(manifest, source, recipe, { folder, options, context: { ...context, log } }),
        ),
      ));
    try {
      const certificates = this.#trusted.map(certificateOf);
      return await testImage(
        {
          options: { ...this.#settings, image: options.image },
          ...{
            image: this.#image,
            manifest,
            recipe,
            set,
            disks,
            certificates,
            program: this.#program,
            watch,
          },
        },
        this.#machine,
        context,
      );
    } finally {
      await disks.remove();
    }
  }
}
