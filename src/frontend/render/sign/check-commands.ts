import { DM_VERITY_ARTIFACT_TYPE } from '../../../model/artifact-types.ts';
import type { ArtifactReport, SignReport } from '../../../report/report.ts';

/** A word for a POSIX shell. */
export function shellQuote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Commands by which anybody can look at an image's signatures: argument lists for oras. */
export interface OrasTarget {
  /** Options before the reference. */
  options: string[];
  /** Without tag and digest. */
  repository: string;
}

/** How oras names the image of a report. */
export function orasTarget({ image, pushed }: Pick<SignReport, 'image' | 'pushed'>): OrasTarget {
  const repository = image.name.slice(0, image.name.lastIndexOf('@'));
  if (repository.startsWith('docker-daemon:') && pushed !== undefined) {
    // The daemon keeps no signatures: they are where the image was pushed to.
    return { options: [], repository: pushed.reference.slice(0, pushed.reference.lastIndexOf(':')) };
  }
  const layout = /^(?:oci|oci-archive):(.*)$/s.exec(repository);
  if (layout?.[1] !== undefined) return { options: ['--oci-layout'], repository: layout[1] };
  return { options: [], repository: repository.replace(/^docker:\/\//, '') };
}

/** Lists the signatures of one platform manifest. */
export function discoverCommand(report: SignReport, artifact: ArtifactReport): string {
  const { options, repository } = orasTarget(report);
  return join([
    'oras',
    'discover',
    ...options,
    '--artifact-type',
    DM_VERITY_ARTIFACT_TYPE,
    `${repository}@${artifact.manifest.digest}`,
  ]);
}

/** Fetches the signature of an artifact's first layer and checks it with openssl. */
export function verifyCommands(report: SignReport, artifact: ArtifactReport): string[] {
  const { options, repository } = orasTarget(report);
  const layer = artifact.layers.find((candidate) => candidate.signatureDigest !== undefined);
  if (layer?.signatureDigest === undefined) return [];
  const file = `layer-${layer.index}.pkcs7.sig`;
  return [
    join(['oras', 'blob', 'fetch', ...options, '--output', file, `${repository}@${layer.signatureDigest}`]),
    `printf %s ${layer.rootHash} > roothash`,
    join([
      'openssl',
      'smime',
      '-verify',
      '-binary',
      '-purpose',
      'any',
      '-inform',
      'DER',
      '-in',
      file,
      '-content',
      'roothash',
      '-CAfile',
      'ca.pem',
    ]),
  ];
}

/** Verifies the image's own manifest signature by notation's trust policy; an archive it cannot read. */
export function notationCommands(report: SignReport): string[] {
  const { image, pushed } = report;
  if (pushed !== undefined) {
    const repository = pushed.reference.slice(0, pushed.reference.lastIndexOf(':'));
    return [join(['notation', 'verify', `${repository}@${pushed.digest}`])];
  }
  if (image.name.startsWith('oci-archive:')) return [];
  const { options, repository } = orasTarget(report);
  const reference = `${repository}@${image.digest}`;
  if (options.length === 0) return [join(['notation', 'verify', reference])];
  // A layout is in no registry: the trust policy is chosen by the scope that is named here.
  return [
    `NOTATION_EXPERIMENTAL=1 ${join(['notation', 'verify', ...options, '--scope', 'SCOPE', reference])}`,
  ];
}

function join(words: readonly string[]): string {
  return words.map(shellQuote).join(' ');
}
