/** Documents of images in the forms that buildx, docker, podman, ko, oras and notation write. */
import { DOCKER, OCI } from './image-writer.ts';

const digest = (n: number) => `sha256:${n.toString(16).padStart(2, '0').repeat(32)}`;
const sized = (mediaType: string, n: number) => ({ mediaType, digest: digest(n), size: 1000 + n });
const linux = { architecture: 'amd64', os: 'linux' };

/** A document with the media type of the descriptor that names it. */
export interface SampleDocument {
  mediaType: string;
  value: Record<string, unknown> | unknown[];
}

export const MANIFESTS: Record<string, SampleDocument> = {
  buildx: {
    mediaType: OCI.manifest,
    value: {
      schemaVersion: 2,
      mediaType: OCI.manifest,
      config: sized(OCI.config, 1),
      layers: [
        sized(`${OCI.layer}+gzip`, 2),
        { ...sized(`${OCI.layer}+zstd`, 3), annotations: { k: 'v', K: 's' } },
      ],
      annotations: { 'org.opencontainers.image.created': '2026-01-01T00:00:00Z' },
    },
  },
  'without media type': {
    mediaType: OCI.manifest,
    value: {
      schemaVersion: 2,
      config: sized(OCI.config, 1),
      layers: [sized(OCI.layer, 2)],
      annotations: null,
    },
  },
  docker: {
    mediaType: DOCKER.manifest,
    value: {
      schemaVersion: 2,
      mediaType: DOCKER.manifest,
      config: { mediaType: DOCKER.config, size: 7023, digest: digest(1) },
      layers: [
        { mediaType: DOCKER.layer, size: 32654, digest: digest(2) },
        {
          mediaType: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
          size: 16724,
          digest: digest(3),
          urls: ['https://example.com/layer'],
        },
      ],
    },
  },
  signature: {
    mediaType: OCI.manifest,
    value: {
      schemaVersion: 2,
      mediaType: OCI.manifest,
      artifactType: 'application/vnd.cncf.notary.signature.dm-verity',
      config: {
        mediaType: 'application/vnd.oci.empty.v1+json',
        digest: 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
        size: 2,
        data: 'e30=',
      },
      layers: [
        {
          ...sized('application/pkcs7-signature', 5),
          annotations: { 'io.cncf.notary.dm-verity.root-hash': 'ab'.repeat(32) },
        },
      ],
      subject: sized(OCI.manifest, 6),
      annotations: { 'io.cncf.notary.dm-verity.signature': 'true' },
    },
  },
};

export const INDEXES: Record<string, SampleDocument> = {
  buildx: {
    mediaType: OCI.index,
    value: {
      schemaVersion: 2,
      mediaType: OCI.index,
      manifests: [
        { ...sized(OCI.manifest, 1), platform: linux },
        { ...sized(OCI.manifest, 2), platform: { architecture: 'arm64', os: 'linux', variant: 'v8' } },
        {
          ...sized(OCI.manifest, 3),
          annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
          platform: { architecture: 'unknown', os: 'unknown' },
        },
      ],
    },
  },
  docker: {
    mediaType: DOCKER.index,
    value: {
      schemaVersion: 2,
      mediaType: DOCKER.index,
      manifests: [
        { ...sized(DOCKER.manifest, 1), platform: { ...linux, features: ['sse4'] } },
        {
          ...sized(DOCKER.manifest, 2),
          platform: {
            architecture: 'amd64',
            os: 'windows',
            'os.version': '10.0.20348.2700',
            'os.features': ['win32k'],
          },
        },
      ],
    },
  },
  referrers: {
    mediaType: OCI.index,
    value: {
      schemaVersion: 2,
      manifests: [{ ...sized(OCI.manifest, 1), artifactType: 'application/x', annotations: { a: 'b' } }],
      subject: sized(OCI.manifest, 7),
    },
  },
};

const HEALTHCHECK = { Test: ['CMD-SHELL', 'true'], Interval: 30_000_000_000, Retries: 3 };

export const CONFIGS: Record<string, SampleDocument> = {
  buildx: {
    mediaType: OCI.config,
    value: {
      ...linux,
      config: {
        Env: ['PATH=/usr/bin'],
        Entrypoint: ['/app'],
        Cmd: null,
        WorkingDir: '/',
        Labels: { team: 'a', Team: 'b' },
        ExposedPorts: { '8080/tcp': {} },
        Volumes: { '/data': {}, '/Data': {} },
        Healthcheck: HEALTHCHECK,
        ArgsEscaped: true,
        OnBuild: null,
      },
      created: '2026-01-01T01:02:03.456789012Z',
      history: [
        { created: '2026-01-01T00:00:00Z', created_by: 'COPY / /', comment: 'buildkit.dockerfile.v0' },
        { created: '2026-01-01T00:00:00+02:00', created_by: 'CMD', empty_layer: true },
      ],
      rootfs: { type: 'layers', diff_ids: [digest(8), digest(9)] },
      'moby.buildkit.cache.v0': 'bm90IGpzb24=',
    },
  },
  docker: {
    mediaType: DOCKER.config,
    value: {
      architecture: 'arm',
      variant: 'v7',
      os: 'linux',
      config: {
        Hostname: '',
        User: '0:0',
        AttachStdin: false,
        Image: digest(5),
        StopTimeout: 10,
        Shell: ['sh'],
      },
      container: 'ab'.repeat(32),
      container_config: { Hostname: 'ab', Cmd: ['/bin/sh', '-c', '#(nop) '], Tty: false },
      created: '0001-01-01T00:00:00Z',
      docker_version: '18.06.1-ce',
      author: 'a',
      history: [{ created: '2018-01-01T00:00:00.5Z', created_by: '/bin/sh' }],
      rootfs: { type: 'layers', diff_ids: [digest(8)] },
    },
  },
};

export const DOCKER_SAVE: Record<string, SampleDocument> = {
  docker: {
    mediaType: '',
    value: [
      {
        Config: `blobs/sha256/${'1'.repeat(64)}`,
        RepoTags: ['app:1.0', 'app:latest'],
        Layers: [`blobs/sha256/${'2'.repeat(64)}`],
        LayerSources: { [digest(8)]: sized(OCI.layer, 2) },
      },
      { Config: `blobs/sha256/${'3'.repeat(64)}`, RepoTags: null, Layers: [] },
    ],
  },
};

export const DESCRIPTORS: Record<string, SampleDocument> = {
  oras: {
    mediaType: '',
    value: {
      ...sized(OCI.manifest, 1),
      annotations: { a: 'b' },
      platform: linux,
      artifactType: 'application/x',
    },
  },
};

export const PAYLOADS: Record<string, SampleDocument> = {
  notation: {
    mediaType: '',
    value: { targetArtifact: { ...sized(OCI.manifest, 1), annotations: { a: 'b' } } },
  },
};
