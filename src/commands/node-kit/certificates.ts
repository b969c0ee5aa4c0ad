import type { Certificate } from '../../signatures/x509/certificate.ts';
import type { VerifiedImage } from '../verify/verified-image.ts';
import { KIT } from './paths.ts';

export interface KitCertificate {
  subject: string;
  /** What the kernel checks with it. */
  vouchesFor: 'layers' | 'the policy' | 'layers and the policy';
  /** In the kit. */
  path: string;
  der: Uint8Array;
}

/** The last certificates of the signers' paths: those that `verify` was told to trust. */
export function anchorsOf({ platforms }: VerifiedImage): Certificate[] {
  const layers = platforms.flatMap(({ sets }) => sets.flatMap((set) => set.layers));
  return unique(layers.flatMap(({ path, signer }) => path.at(-1) ?? signer ?? []));
}

/** The certificates to put into keyrings, each once. Pure. */
export function kitCertificates(layers: readonly Certificate[], policy: Certificate): KitCertificate[] {
  return unique([...layers, policy]).map((certificate) => {
    const [forLayers, forPolicy] = [layers, [policy]].map((all) =>
      all.some(({ fingerprint }) => fingerprint === certificate.fingerprint),
    );
    return {
      subject: certificate.subject,
      vouchesFor: forLayers ? (forPolicy ? 'layers and the policy' : 'layers') : 'the policy',
      path: `${KIT.certificates}/${certificate.fingerprint.slice(0, 16)}.der`,
      der: certificate.der,
    };
  });
}

/** Whether a file in the folder of certificates has a name as those of a kit. */
export function isCertificateName(name: string): boolean {
  return /^[0-9a-f]{16}\.der$/.test(name);
}

function unique(certificates: readonly Certificate[]): Certificate[] {
  return [...new Map(certificates.map((one) => [one.fingerprint, one])).values()];
}
