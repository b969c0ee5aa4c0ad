import { FIRST_CONTAINERD, FIRST_VERITY_CONTAINERD } from '../../../model/profiles.ts';
import { compareVersions } from '../../../tools/versions.ts';
import { type Node, type NodeCheck, ok, unknown, type Wanted, wrong } from '../check.ts';

/** Whether containerd makes the signed images of the profile, with hash trees. */
export function checkContainerdVersion({ containerdVersion: found }: Node, { profile }: Wanted): NodeCheck {
  const [first] = [FIRST_CONTAINERD[profile], FIRST_VERITY_CONTAINERD].toSorted((a, b) =>
    compareVersions(b, a),
  );
  const needed = `profile ${profile} with dm-verity needs containerd ${first} or later`;
  if ('unknown' in found)
    return unknown('containerd-version', found.unknown, `Look at containerd --version: ${needed}`);
  const shown = `${found.version} (${found.from})`;
  if (compareVersions(found.version, first ?? '') >= 0) return ok('containerd-version', shown);
  return wrong('containerd-version', shown, `Update containerd: ${needed}`);
}

/** Whether containerd is older than a release; undefined if its version is unknown. */
export function isOlder({ containerdVersion: found }: Node, release: string): boolean | undefined {
  return 'unknown' in found ? undefined : compareVersions(found.version, release) < 0;
}

/** An image file of an older containerd that is mounted without dm-verity, whatever the configuration says. */
export async function checkFsmeta({ files, containerd }: Node): Promise<NodeCheck> {
  if (containerd.state !== 'read') {
    return unknown(
      'fsmeta',
      'the folder of the snapshotter is unknown',
      'Correct the line containerd-config first',
    );
  }
  const folder = containerd.settings.snapshots;
  const listed = await files.list(folder);
  if (listed.state === 'absent') return ok('fsmeta', `${folder} does not exist yet`);
  if (listed.state === 'unreadable') {
    return unknown('fsmeta', `${folder} cannot be read (${listed.reason})`, 'Run as root');
  }
  const stale: string[] = [];
  for (const snapshot of listed.names) {
    const found = await files.list(`${folder}/${snapshot}`);
    if (found.state === 'unreadable' && found.reason !== 'ENOTDIR') {
      return unknown('fsmeta', `${folder}/${snapshot} cannot be read (${found.reason})`, 'Run as root');
    }
    if (found.state === 'read' && found.names.includes('fsmeta.erofs'))
      stale.push(`${snapshot}/fsmeta.erofs`);
  }
  if (stale.length === 0) return ok('fsmeta', `no fsmeta.erofs in ${listed.names.length} snapshots`);
  const shown =
    stale.length > 3 ? `${stale.slice(0, 3).join(', ')} and ${stale.length - 3} more` : stale.join(', ');
  return wrong(
    'fsmeta',
    `${folder} has ${shown}: containerd mounts them without dm-verity`,
    'Remove the images of these snapshots, and pull them again',
  );
}
