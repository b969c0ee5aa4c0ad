import type { FetchReport } from '../../report/node/fetch-report.ts';
import { signaturePath, writeSignatures } from '../shared/cache/signature-folder.ts';
import type { RunContext } from '../shared/options.ts';
import { withVerifiedImage } from '../verify/require-verified.ts';
import type { VerifiedImage } from '../verify/verified-image.ts';
import { findLayers, type LayerFile } from './find-layers.ts';
import { openLayers } from './open-layers.ts';
import type { FetchOptions } from './options.ts';
import { fetchReport } from './report.ts';

/**
 * Writes the verified signatures of an image, one file for each root hash, and says how the layers that containerd has
 * are opened with them, or opens them. No layer is read.
 * @throws VeritySignError with the verdict on the image; 'usage', 'environment', 'registry', 'cancelled'
 */
export function fetchSignatures(options: FetchOptions, context: RunContext): Promise<FetchReport> {
  return withVerifiedImage({ ...options, recompute: false }, context, async (verified) => {
    const { folder, open } = options;
    const signatures = signaturesOf(verified);
    // A folder that is wrong is an error before anything is written.
    const found = open === undefined ? [] : await findLayers(open);
    await writeSignatures(folder, signatures);
    for (const rootHash of signatures.keys())
      context.log.info(`signature ${signaturePath(folder, rootHash)}`);
    const layers = distinct(found.filter(({ rootHash }) => signatures.has(rootHash)));
    if (open !== undefined) warnOfMissing(layers, signatures, options, context);
    const { run, timeout } = options;
    const opened = await openLayers(layers, { folder, run, timeout, signal: context.signal });
    return fetchReport(verified, options, [...signatures.keys()], opened);
  });
}

/** PKCS#7 by root hash, of the requested profiles; where several signers have signed, that of the first set. */
function signaturesOf({ platforms }: VerifiedImage): Map<string, Uint8Array> {
  const signatures = new Map<string, Uint8Array>();
  for (const { rootHash, pkcs7 } of platforms.flatMap(({ sets }) => sets.flatMap(({ layers }) => layers))) {
    if (!signatures.has(rootHash)) signatures.set(rootHash, pkcs7);
  }
  return signatures;
}

/** Two snapshots may have the same image: one device is enough. */
function distinct(layers: readonly LayerFile[]): LayerFile[] {
  return [...new Map(layers.toReversed().map((layer) => [layer.rootHash, layer])).values()].toReversed();
}

function warnOfMissing(
  layers: readonly LayerFile[],
  signatures: ReadonlyMap<string, Uint8Array>,
  { image, open, profiles }: FetchOptions,
  { log }: RunContext,
): void {
  const missing = signatures.size - layers.length;
  if (missing === 0) return;
  log.warn(
    `${image}: ${open} has no layer with a hash tree for ${missing} of ${signatures.size} signed root hashes. Pull the image with enable_dmverity and the options of profile ${profiles.join(' or ')}; other platforms of the image are not there either`,
  );
}
