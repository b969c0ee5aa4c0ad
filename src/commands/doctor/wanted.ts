import { recipesFor } from '../../convert/erofs/recipe.ts';
import { firstErrorInOrder } from '../../lib/concurrent.ts';
import { isContainerdProfile } from '../../model/profiles.ts';
import type { DoctorReport } from '../../report/node/doctor-report.ts';
import type { Certificate } from '../../signatures/x509/certificate.ts';
import { readCertificate } from '../../signatures/x509/certificate.ts';
import type { RunContext } from '../shared/options.ts';
import { recordedSettings } from '../verify/recorded-settings.ts';
import { withVerifiedImage } from '../verify/require-verified.ts';
import { readTrustedInput } from '../verify/trust/trust-stores.ts';
import type { VerifiedImage } from '../verify/verified-image.ts';
import type { Wanted, WantedLayer } from './check.ts';
import type { DoctorOptions } from './options.ts';

/**
 * What the node is to match: the signatures of an image, or the options alone.
 * @throws VeritySignError with the verdict of an image that does not verify
 */
export async function wantedOf(
  { common, verifying, signerCertificates }: DoctorOptions,
  context: RunContext,
): Promise<{ wanted: Wanted; image?: DoctorReport['image'] }> {
  const [recipe] = recipesFor(common);
  if (recipe === undefined) throw new TypeError('no profile is given');
  const { profile, mkfsOptions } = recipe;
  if (!isContainerdProfile(profile)) throw new TypeError(`no node of containerd has profile ${profile}`);
  if (verifying === undefined) {
    const signers = await certificatesOf(signerCertificates, context);
    return { wanted: { profile, mkfsOptions, classes: common.classes ?? [], layers: [], signers } };
  }
  return withVerifiedImage(verifying, context, async (verified) => {
    const { name, root } = verified.image;
    const image = { reference: verifying.image, name, digest: root.digest, mediaType: root.mediaType };
    return { image, wanted: { profile, ...ofImage(verified, mkfsOptions) } };
  });
}

async function certificatesOf(given: readonly string[], { secrets }: RunContext): Promise<Certificate[][]> {
  const read = await firstErrorInOrder(given.map((one) => readTrustedInput(one, secrets)));
  return read.flat().map((der) => [readCertificate(der)]);
}

function ofImage({ platforms }: VerifiedImage, defaultOptions: readonly string[]): Omit<Wanted, 'profile'> {
  const signed = platforms.flatMap(({ sets }) =>
    sets.flatMap((set) => set.layers.map((layer) => ({ ...layer, class: set.recorded.class }))),
  );
  const layers = new Map<string, { label: string; rootHashes: Map<string, Set<string>> }>();
  const signers = new Map<string, readonly Certificate[]>();
  for (const { layer, rootHash, class: made, path, signer } of signed) {
    const { digest } = layer.descriptor;
    const known = layers.get(digest) ?? { label: `layer ${layer.index} (${digest})`, rootHashes: new Map() };
    const classes = known.rootHashes.get(rootHash) ?? new Set();
    known.rootHashes.set(rootHash, made === undefined ? classes : classes.add(made));
    layers.set(digest, known);
    const certificates = path.length > 0 ? path : signer === undefined ? [] : [signer];
    if (certificates.length > 0) signers.set(certificates[0]?.fingerprint ?? '', certificates);
  }
  return {
    ...recordedSettings(platforms, defaultOptions),
    layers: [...layers.values()] satisfies WantedLayer[],
    signers: [...signers.values()],
  };
}
