import * as z from 'zod';

/** Which snapshotters the pods of Kubernetes use, as far as it is configured. */
export interface CriSettings {
  /** Undefined: containerd's default, overlayfs. */
  snapshotter: string | undefined;
  /** Runtimes with the EROFS snapshotter of their own, as Kata Containers have it. */
  erofsRuntimes: readonly string[];
}

/** The first version of the file in which CRI's plugin no longer has its earlier name. [plugins/cri/images/plugin.go] */
const FIRST_NEW_NAMES = 4;

const snapshotter = z.string().optional();
const runtimes = z.record(z.string(), z.object({ snapshotter })).optional();
const plugins = z.object({
  'io.containerd.cri.v1.images': z.object({ snapshotter }).optional(),
  'io.containerd.cri.v1.runtime': z.object({ containerd: z.object({ runtimes }).optional() }).optional(),
  'io.containerd.grpc.v1.cri': z
    .object({ containerd: z.object({ snapshotter, runtimes }).optional() })
    .optional(),
});

/** The settings with those of one more file, which win. */
export function withCri(earlier: CriSettings, version: number, given: Record<string, unknown>): CriSettings {
  const read = plugins.parse(given);
  const old = version < FIRST_NEW_NAMES ? read['io.containerd.grpc.v1.cri']?.containerd : undefined;
  const own = { ...read['io.containerd.cri.v1.runtime']?.containerd?.runtimes, ...old?.runtimes };
  const others = earlier.erofsRuntimes.filter((name) => own[name]?.snapshotter === undefined);
  const added = Object.keys(own).filter((name) => own[name]?.snapshotter === 'erofs');
  return {
    snapshotter: old?.snapshotter ?? read['io.containerd.cri.v1.images']?.snapshotter ?? earlier.snapshotter,
    erofsRuntimes: [...others, ...added],
  };
}
