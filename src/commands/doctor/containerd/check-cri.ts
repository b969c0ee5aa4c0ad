import { type Node, type NodeCheck, ok, wrong } from '../check.ts';

/** Where the kubelet keeps its data: a node without it runs no pods. */
const KUBELET = '/var/lib/kubelet';
const CRI = ['io.containerd.grpc.v1.cri', 'io.containerd.cri.v1.images'];

/** Whether pods use the EROFS snapshotter. No line where no kubelet asks this containerd. */
export async function checkCri({ files, containerd }: Node): Promise<NodeCheck[]> {
  if (containerd.state !== 'read') return [];
  const { cri, disabledPlugins } = containerd.settings;
  if (disabledPlugins.some((name) => CRI.includes(name))) return [];
  if ((await files.list(KUBELET)).state === 'absent') return [];
  const shown = `snapshotter = ${JSON.stringify(cri.snapshotter ?? 'overlayfs')}`;
  if (cri.snapshotter === 'erofs') return [ok('cri-snapshotter', shown)];
  if (cri.erofsRuntimes.length > 0)
    return [ok('cri-snapshotter', `${shown}, but "erofs" for pods of ${cri.erofsRuntimes.join(', ')}`)];
  return [
    wrong(
      'cri-snapshotter',
      `${shown}: no pod uses the EROFS snapshotter`,
      'Set snapshotter = "erofs" in [plugins."io.containerd.cri.v1.images"], and name the layers of the sandbox image in the policy too',
    ),
  ];
}
