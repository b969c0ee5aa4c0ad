import { inContext } from '../../errors.ts';
import { withTempFolder } from '../../lib/process/temp-folder.ts';
import { Stopwatch } from '../../lib/stopwatch.ts';
import { parseImage } from '../../oci/image/reference.ts';
import { resolveImage } from '../../oci/image/resolve.ts';
import { parseContainerSettings } from '../../oci/image-config.ts';
import type { PreflightReport } from '../../report/node/preflight-report.ts';
import { IN_REGISTRY, openImage, requireReferrers } from '../shared/open-image.ts';
import type { RunContext } from '../shared/options.ts';
import { openMachine } from './boot-machine.ts';
import { convertToDisks, recipeOfTest } from './convert-disks.ts';
import type { OpenMachine } from './machine.ts';
import { manifestFor, vmPlatforms } from './manifest.ts';
import type { PreflightOptions } from './options.ts';
import { programOf } from './program.ts';
import { readSignatures } from './read-signatures.ts';
import { testImage } from './test-image.ts';
import { readTrusted } from './trusted.ts';

/**
 * Boots an image, with the signatures that are attached to it, in a VM whose kernel enforces them, and reports what
 * the kernel refuses and denies.
 * @param open makes the VM
 * @throws VeritySignError 'unchecked' if there is no verdict because the VM could not be started; 'usage', 'image',
 *   'environment', 'registry', 'cancelled'. A bad verdict is in the report.
 */
export function preflightImage(
  options: PreflightOptions,
  context: RunContext,
  open: OpenMachine = openMachine,
): Promise<PreflightReport> {
  return inContext({ image: options.image }, () =>
    withTempFolder(options.tempDir, async (folder) => {
      const watch = new Stopwatch();
      const { log } = context;
      const reference = parseImage(options.image);
      requireReferrers(reference, IN_REGISTRY);
      const trusted = await readTrusted(options, context);
      const opened = await openImage(reference, folder, options, context);
      const wanted = options.platforms.length > 0 ? options.platforms : vmPlatforms(options);
      const image = await watch.time('resolve', () =>
        log.group(`Resolve ${options.image}`, () =>
          resolveImage(opened.source, {
            platforms: wanted,
            platformsMode: 'any',
            missingRemedy: `Test an image of a platform that the VM of preflight runs: ${vmPlatforms(options).toSorted().join(' or ')}`,
            allowSkip: [],
            // An image of the index that is not tested may be one that cannot be.
            unsignableLayers: options.platforms.length > 0 ? 'refuse' : 'exclude',
          }),
        ),
      );
      return inContext({ image: image.name }, async () => {
        const { manifest, architecture } = manifestFor(image, wanted);
        // What the VM lacks is reported before any layer is read.
        const machine = await open({ ...options, architecture }, trusted, folder, context);
        const config = parseContainerSettings(await opened.source.config(manifest.config));
        const program = programOf(config, options);
        const [profile] = options.profiles;
        if (profile === undefined) throw new TypeError('no profile');
        const asked = { profile, classes: options.classes, certificates: trusted };
        const set = await readSignatures(opened.store, manifest, asked, context);
        if (set === undefined) log.warn(`${image.name} has no signatures for profile ${profile}`);
        const recipe = recipeOfTest(profile, set, options);
        const disks = await watch.time('convert', () =>
          log.group('Write the layers to disks', (own) =>
            convertToDisks(manifest, opened.source, recipe, {
              folder,
              options,
              context: { ...context, log: own },
            }),
          ),
        );
        const test = { options, image, manifest, recipe, set, disks, certificates: trusted, program, watch };
        return testImage(test, machine, context);
      });
    }),
  );
}
