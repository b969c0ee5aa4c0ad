import type {
  ArtifactReport,
  LayerReport,
  ManifestSignatureReport,
  SignReport,
} from '../../src/report/report.ts';

/** `digit` repeated, as a digest in hex. */
export const hex = (digit: string): string => digit.repeat(64);
export const digest = (digit: string): string => `sha256:${hex(digit)}`;

export function layer(index: number, changes: Partial<LayerReport> = {}): LayerReport {
  return {
    index,
    digest: digest('a'),
    diffId: digest('b'),
    mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
    size: 81_200_000,
    tarSize: 224_000_000,
    erofsSize: 225_000_000,
    uuid: 'f4af0781-30d6-507f-9ab5-4d879255d362',
    rootHash: hex('d'),
    signatureDigest: digest('e'),
    seconds: { build: 1.25, verity: 0.5 },
    dropped: { count: 0, examples: [] },
    fractionalTimes: { count: 0, differing: 0 },
    ...changes,
  };
}

export function artifact(changes: Partial<ArtifactReport> = {}): ArtifactReport {
  return {
    platform: 'linux/amd64',
    manifest: { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: digest('1'), size: 1234 },
    profile: 'containerd',
    containerd: '2.1.4',
    class: 'C',
    mkfsOptions: ['-T0', '--mkfs-time', '--sort=none'],
    blockSize: 4096,
    referrer: { digest: digest('2'), size: 999, reused: false },
    layers: [layer(0)],
    skippedLayers: [],
    ...changes,
  };
}

export function report(changes: Partial<SignReport> = {}): SignReport {
  return {
    schemaVersion: 1,
    tool: { name: 'verity-sign', version: '0.1.0' },
    dryRun: false,
    image: {
      reference: 'registry.example/app:1.0',
      name: `registry.example/app@${digest('9')}`,
      digest: digest('9'),
      mediaType: 'application/vnd.oci.image.index.v1+json',
    },
    builder: { kind: 'mkfs', version: '1.9.4', class: 'C', path: '/usr/bin/mkfs.erofs', privilege: 'root' },
    oras: '1.3.0',
    signer: {
      subject: 'CN=Test signer',
      issuer: 'CN=Test root',
      fingerprint: hex('f'),
      keyType: 'RSA-2048',
      notBefore: '2025-01-01T00:00:00Z',
      notAfter: '2026-01-01T00:00:00Z',
      holder: 'pem',
    },
    artifacts: [artifact()],
    layersLeftOut: [],
    manifestSignatures: [],
    configurationCovered: false,
    uncovered: [],
    skipped: [],
    seconds: { total: 3.21, resolve: 0.1, convert: 2, sign: 0.1, attach: 1, push: 0 },
    ...changes,
  };
}

/** A Notary signature of the index of `report()`, with `changes`. */
export function manifestSignature(changes: Partial<ManifestSignatureReport> = {}): ManifestSignatureReport {
  return {
    manifest: { mediaType: 'application/vnd.oci.image.index.v1+json', digest: digest('9'), size: 777 },
    format: 'jws',
    referrer: { digest: digest('7'), size: 800, reused: false },
    signedAt: '2025-06-01T12:00:00.000Z',
    timestamped: false,
    ...changes,
  };
}

/** The report of a dry run. */
export function dryRun(changes: Partial<SignReport> = {}): SignReport {
  const { signer: _signer, ...rest } = report(changes);
  const artifacts = rest.artifacts.map(({ referrer: _referrer, layers, ...artifact }) => ({
    ...artifact,
    layers: layers.map(({ signatureDigest: _signature, ...layer }) => layer),
  }));
  return { ...rest, dryRun: true, artifacts };
}

/** For values that are complete: a warning is an error. */
export function noWarning(line: string): never {
  throw new Error(line);
}
