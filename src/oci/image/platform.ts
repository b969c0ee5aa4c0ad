import { VeritySignError } from '../../errors.ts';
import { goLowercase } from '../../formats/fold-name.ts';
import type { Platform } from '../../model/index.ts';

const ARCHITECTURES: ReadonlyMap<string, [architecture: string, variant?: string]> = new Map([
  ['i386', ['386']],
  ['x86_64', ['amd64']],
  ['x86-64', ['amd64']],
  ['aarch64', ['arm64']],
  ['armhf', ['arm', 'v7']],
  ['armel', ['arm', 'v6']],
]);

/**
 * One spelling for each platform, that of containerd: `arm64/v8` is `arm64`, `arm` is `arm/v7`,
 * `amd64/v1` is `amd64`. [containerd/platforms database.go]
 */
export function normalizePlatform(platform: Platform): Platform {
  const os = normalizeSystem(platform.os);
  const given = goLowercase(platform.architecture);
  const [architecture, implied] = ARCHITECTURES.get(given) ?? [given];
  const variant = normalizeVariant(architecture, implied ?? goLowercase(platform.variant ?? ''));
  return { os, architecture, ...(variant === '' ? {} : { variant }) };
}

function normalizeSystem(os: string): string {
  const system = goLowercase(os);
  return system === 'macos' ? 'darwin' : system;
}

function normalizeVariant(architecture: string, variant: string): string {
  const full = /^[0-9]/.test(variant) ? `v${variant}` : variant;
  if (architecture === 'arm64' && full === 'v8') return '';
  if (architecture === 'amd64' && full === 'v1') return '';
  if (architecture === 'arm' && full === '') return 'v7';
  return full;
}

/**
 * Whether a Linux node counts the platform as its own system, in whatever spelling: a missing operating system
 * means that of the node. The only judge of it: a spelling that only nodes accept must not hide a Linux image.
 */
export function isForLinux(platform: Pick<Platform, 'os'>): boolean {
  return ['linux', ''].includes(normalizeSystem(platform.os));
}

/** `os/architecture[/variant]`, normalised, with the features of a Linux system: `linux(+erofs)/amd64`. */
export function formatPlatform(platform: Platform): string {
  const { os, architecture, variant } = normalizePlatform(platform);
  return [`${os}${featuresText(platform)}`, architecture, ...(variant === undefined ? [] : [variant])].join(
    '/',
  );
}

/** The names by which a user may select a platform: `linux/amd64` also selects `linux(+erofs)/amd64`. */
export function platformNames(platform: Platform): string[] {
  const { 'os.features': _, ...plain } = platform;
  return [...new Set([formatPlatform(platform), formatPlatform(plain)])];
}

/**
 * The features of a Linux system as containerd writes them, `(+erofs)`; empty without any. Those of Windows
 * do not tell images apart. [containerd/platforms platforms.go, FormatAll]
 */
export function featuresText(platform: Platform): string {
  const { 'os.features': features = [] } = platform;
  if (features.length === 0 || !isForLinux(platform)) return '';
  const names = [...new Set(features)].sort().map((name) => encodeURIComponent(name.toWellFormed()));
  return `(+${names.join('+')})`;
}

const FEATURES = /^([A-Za-z0-9_.-]+)\(((?:\+[A-Za-z0-9_.-]+)+)\)$/;

/**
 * Parses `os[(+feature…)]/architecture[/variant]`, or only an architecture for Linux.
 * @throws VeritySignError 'usage'
 */
export function parsePlatform(text: string): Platform {
  const parts = text.trim().split('/');
  const [, system, list] = FEATURES.exec(parts[0] ?? '') ?? [];
  if (system !== undefined && parts.length > 1) {
    const plain = parsePlatform([system, ...parts.slice(1)].join('/'));
    return { ...plain, 'os.features': (list ?? '').split('+').filter((name) => name !== '') };
  }
  const [first = '', second, variant] = parts;
  if (
    parts.length > 3 ||
    parts.some((part) => !/^[A-Za-z0-9_.-]+$/.test(part)) ||
    (first === 'linux' && second === undefined)
  ) {
    throw new VeritySignError('usage', `${JSON.stringify(text)} is not a platform`, {
      remedy: 'Write platforms as linux/amd64 or linux/arm64/v8',
    });
  }
  if (second === undefined) return normalizePlatform({ os: 'linux', architecture: first });
  return normalizePlatform({
    os: first,
    architecture: second,
    ...(variant === undefined ? {} : { variant }),
  });
}
