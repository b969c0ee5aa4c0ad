/** Artifact type of dm-verity signatures. [Notary Project, specs/proposals/dm-verity.md] */
export const SIGNATURE_TYPE = 'application/vnd.cncf.notary.signature.dm-verity';
