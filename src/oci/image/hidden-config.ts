import { foldName } from '../../formats/fold-name.ts';
import { isForLinux } from './skip-reasons.ts';

/**
 * Whether a Linux node may take these bytes for an image's config, whatever media type the manifest gives
 * them: where the index names no platform, a node reads it from the config, and reads names as Go does.
 * [containerd core/images image.go, Manifest and ConfigPlatform]
 */
export function namesLinuxPlatform(content: Uint8Array): boolean {
  let config: unknown;
  try {
    config = JSON.parse(Buffer.from(content).toString('utf8'));
  } catch {
    return false;
  }
  if (typeof config !== 'object' || config === null) return false;
  const fields = Object.entries(config).map(([name, value]) => [foldName(name), value] as const);
  const texts = (wanted: string): string[] =>
    fields.flatMap(([name, value]) =>
      name === foldName(wanted) && typeof value === 'string' ? [value] : [],
    );
  const systems = texts('os');
  const forLinux = systems.length === 0 || systems.some((os) => isForLinux({ os, architecture: '' }));
  return forLinux && texts('architecture').some((architecture) => architecture !== '');
}
