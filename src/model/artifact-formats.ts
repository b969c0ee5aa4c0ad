/** The forms in which signatures of layers are attached; what they are is in oci/attach/artifact-format.ts. */
export const ARTIFACT_FORMATS = ['notary', 'tardev'] as const;
export type ArtifactFormat = (typeof ARTIFACT_FORMATS)[number];
