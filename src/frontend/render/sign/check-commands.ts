import { DM_VERITY_ARTIFACT_TYPE, TARDEV_ARTIFACT_TYPE } from '../../../model/artifact-types.ts';
import type { ArtifactReport, SignReport } from '../../../report/report.ts';

/** Quotes a word for a POSIX shell, if needed. */
export function shellQuote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** The repository of an image, in the form of arguments for oras. */
export interface OrasTarget {
  /** Options before the reference. */
  options: string[];
  /** The reference without tag and digest. */
  repository: string;
}

/** The arguments by which oras finds the image of a report. */
export function orasTarget({ image, pushed }: Pick<SignReport, 'image' | 'pushed'>): OrasTarget {
  const repository = image.name.slice(0, image.name.lastIndexOf('@'));
  if (pushed !== undefined) {
    // A docker daemon and a read-only layout have no signatures beside the image.
    return { options: [], repository: pushed.reference.slice(0, pushed.reference.lastIndexOf(':')) };
  }
  const layout = /^(?:oci|oci-archive):(.*)$/s.exec(repository);
  if (layout?.[1] !== undefined) return { options: ['--oci-layout'], repository: layout[1] };
  return { options: [], repository: repository.replace(/^docker:\/\//, '') };
}

/** A command that lists the signatures of one platform manifest. */
export function discoverCommand(report: SignReport, artifact: ArtifactReport): string {
  const { options, repository } = orasTarget(report);
  return join([
    'oras',
    'discover',
    ...options,
    '--artifact-type',
    artifact.artifactFormat === 'tardev' ? TARDEV_ARTIFACT_TYPE : DM_VERITY_ARTIFACT_TYPE,
    `${repository}@${artifact.manifest.digest}`,
  ]);
}

/** Commands that fetch the signature of an artifact's first signed layer and verify it with openssl. */
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

/** Commands that verify the image's manifest signature with notation. None for an archive, which notation cannot read. */
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
  // A layout has no registry, so --scope selects the statement of the trust policy.
  return [
    `NOTATION_EXPERIMENTAL=1 ${join(['notation', 'verify', ...options, '--scope', 'SCOPE', reference])}`,
  ];
}

function join(words: readonly string[]): string {
  return words.map(shellQuote).join(' ');
}
