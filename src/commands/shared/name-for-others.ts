import type { Logger } from '../../logger.ts';
import { REF_NAME } from '../../model/annotations.ts';
import type { Descriptor } from '../../model/index.ts';
import type { ImageReference } from '../../oci/image/reference.ts';
import type { OciLayout } from '../../oci/layout/oci-layout.ts';

/**
 * Says how skopeo and podman reach an image beside which signatures are listed. They take a layout or archive
 * without a name only if it lists one manifest ("more than one image in oci, choose an image").
 * [containers/image oci/layout, getManifestDescriptor]
 */
export async function noteName(
  reference: ImageReference,
  layout: OciLayout,
  root: Descriptor,
  log: Logger,
): Promise<void> {
  if (reference.kind !== 'layout' && reference.kind !== 'archive') return;
  const entries = await layout.entries();
  const position = entries.findIndex(({ digest }) => digest === root.digest);
  // The manifest of one platform in an index has no name there.
  if (entries.length < 2 || position === -1) return;
  const image = `${reference.kind === 'layout' ? 'oci' : 'oci-archive'}:${reference.path}`;
  const name = nameOf(root, entries);
  const how =
    name === undefined
      ? unnamed(reference.kind, reference.path, position)
      : `skopeo copy ${image}:${name} …, podman pull ${image}:${name}`;
  log.info(`skopeo and podman must be told which manifest in ${image} is the image: ${how}`);
}

/** A name that stands for the image there; the first entry with a name counts. */
function nameOf(root: Descriptor, entries: readonly Descriptor[]): string | undefined {
  const firsts = new Map<string, string>();
  for (const { annotations, digest } of entries) {
    const name = annotations?.[REF_NAME];
    if (name !== undefined && !firsts.has(name)) firsts.set(name, digest);
  }
  return [...firsts].find(([, digest]) => digest === root.digest)?.[0];
}

/** Only a folder can be read by position, and only by newer versions. [containers-transports(5)] */
function unnamed(kind: 'layout' | 'archive', path: string, position: number): string {
  const since = '(skopeo 1.18 or podman 5.4 and later)';
  if (kind === 'layout') return `it has no name, so its position counts: oci:${path}:@${position} ${since}`;
  return `it has no name: build it with one, or unpack it (tar -xf ${path} -C DIR) and use oci:DIR:@${position} ${since}`;
}
