import type { VeritySignError } from '../../errors.ts';
import { ARTIFACT_FORMATS } from '../../model/artifact-formats.ts';
import type { Descriptor } from '../../model/index.ts';
import { ARTIFACT_FORMS } from '../../oci/attach/artifact-format.ts';
import { eachReferrer, type Referrer, type Screen } from '../../oci/attach/read/each-referrer.ts';
import type { ReferrerStore } from '../../oci/attach/store.ts';
import { isNotFound } from '../../oci/oras/failures/failure.ts';

export type { Referrer, Screen } from '../../oci/attach/read/each-referrer.ts';

/**
 * Reads the referrers of a kind and evaluates each as soon as it is read. Anyone who may push can
 * attach anything, so a referrer that cannot be read is reported beside the others.
 * @param screen which referrers are not worth reading to the end
 * @returns the evaluations in the order of the list
 * @throws VeritySignError 'registry' if they cannot be listed, 'cancelled'.
 */
export async function readReferrers<T>(
  store: ReferrerStore,
  subject: Descriptor,
  artifactType: string,
  look: (referrer: Referrer) => T | Promise<T>,
  screen?: Screen,
  signal?: AbortSignal,
): Promise<T[]> {
  const results: [number, T][] = [];
  for await (const [position, referrer] of eachReferrer(store, subject, artifactType, screen, signal)) {
    results.push([position, await look(referrer)]);
  }
  return results.sort(([a], [b]) => a - b).map(([, result]) => result);
}

/**
 * The same for signatures of layers, in each form: those of the Notary Project first.
 * @throws as {@link readReferrers}
 */
export async function readLayerReferrers<T>(
  store: ReferrerStore,
  subject: Descriptor,
  look: (referrer: Referrer) => T | Promise<T>,
  screen?: Screen,
  signal?: AbortSignal,
): Promise<T[]> {
  const found: T[] = [];
  for (const format of ARTIFACT_FORMATS) {
    const { artifactType } = ARTIFACT_FORMS[format];
    found.push(...(await readReferrers(store, subject, artifactType, look, screen, signal)));
  }
  return found;
}

/** Whether a referrer is broken, rather than temporarily out of reach. */
export function isBroken(error: VeritySignError): boolean {
  return error.code === 'image' || isNotFound(error);
}
