import type { CommonOptions, RunContext, ToolOptions } from '../../commands/shared/options.ts';
import { mkfsCheck } from '../../convert/mkfs-check.ts';
import { VeritySignError } from '../../errors.ts';
import { type GuestArchitecture, guestArchitectures, guestOf } from '../../model/guest-architecture.ts';
import { parsePlatform } from '../../oci/image/platform.ts';
import { checkVersionFor } from '../../oci/oras/credential-guard.ts';
import { installTools } from '../../tools/install/index.ts';
import { requireSafeVersion } from '../../tools/install/oras-release.ts';
import type { RawValues } from '../inputs/catalog.ts';
import { type Dialect, flag, parsed } from '../inputs/common-options.ts';
import { registriesOf } from '../inputs/registry-options.ts';

/** Which tools may be installed, and from where. */
export interface InstallOptions {
  /** False forbids every installation. */
  allowed: boolean;
  oras: ReleaseOptions & { version: string };
  erofsUtils: ReleaseOptions;
  /** Whether source archives are kept in the cache that the runner offers to jobs. */
  runnerCache: boolean;
}

interface ReleaseOptions {
  /** Lowercase hexadecimal. */
  sha256: string | undefined;
  url: string | undefined;
}

/** Reads the inputs about installing tools. Raises usage errors that name the input. */
export function installOptions(raw: RawValues, dialect: Dialect): InstallOptions {
  return {
    allowed: flag(raw, 'install', dialect),
    oras: {
      version: parsed(raw, 'oras-version', dialect, parseVersion) ?? '',
      sha256: parsed(raw, 'oras-sha256', dialect, parseSha256),
      url: parsed(raw, 'oras-download-url', dialect, parseUrl),
    },
    erofsUtils: {
      sha256: parsed(raw, 'erofs-utils-sha256', dialect, parseSha256),
      url: parsed(raw, 'erofs-utils-url', dialect, parseUrl),
    },
    runnerCache: flag(raw, 'runner-cache', dialect),
  };
}

/** The architecture of the VM that tests an image: of several, this machine's own. */
export function vmOf(platforms: readonly string[]): GuestArchitecture {
  const named = platforms.map((text) => guestOf(parsePlatform(text).architecture));
  const [own, other] = guestArchitectures() as [GuestArchitecture, GuestArchitecture];
  return named.includes(other) && !named.includes(own) ? other : own;
}

/** True if mkfs.erofs creates images in this run. */
export function usesMkfs({ builder, crossCheck }: CommonOptions): boolean {
  return builder === 'mkfs' || crossCheck;
}

/**
 * Finds the tools to use: those that the options name, those on PATH, or new ones if installing is allowed.
 * @param needsMkfs false if no layer is converted with mkfs.erofs
 * @param references the images, and the tag to push to; without a registry among them, oras is not needed
 * @param qemu architecture of the VM; undefined if the run boots none
 */
export async function toolsFor(
  install: InstallOptions,
  options: CommonOptions,
  needsMkfs: boolean,
  references: readonly string[],
  context: RunContext,
  qemu?: GuestArchitecture,
): Promise<ToolOptions> {
  const { tools, erofsUtilsVersion, registry } = options;
  if (!install.allowed) return tools;
  const registries = registriesOf(references);
  const oras = {
    ...install.oras,
    path: tools.orasPath,
    check: checkVersionFor(registries, registry.credentials),
  };
  const erofsUtils = {
    ...install.erofsUtils,
    path: tools.mkfsPath,
    wanted: erofsUtilsVersion,
    check: mkfsCheck(options, context),
  };
  const installed = await installTools(
    {
      oras: registries.length > 0 ? oras : undefined,
      erofsUtils: needsMkfs ? erofsUtils : undefined,
      qemu,
    },
    { log: context.log, signal: context.signal, runnerCache: install.runnerCache },
  );
  return { ...tools, ...installed };
}

function wrong(label: string, value: string, expected: string): VeritySignError {
  return new VeritySignError('usage', `${label}: "${value}" is not ${expected}`, {
    remedy: `Use ${expected}`,
  });
}

function parseVersion(value: string, label: string): string {
  const version = /^v?(\d+\.\d+\.\d+(?:-[\w.]+)?)$/.exec(value)?.[1];
  if (version === undefined) throw wrong(label, value, 'a version such as 1.3.3');
  requireSafeVersion(version, label);
  return version;
}

function parseSha256(value: string, label: string): string {
  const hex = /^(?:sha256:)?([0-9a-f]{64})$/i.exec(value)?.[1];
  if (hex === undefined) throw wrong(label, value, 'a SHA-256 of 64 hexadecimal digits');
  return hex.toLowerCase();
}

function parseUrl(value: string, label: string): string {
  // The message does not repeat the value: it may contain a password.
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !['https:', 'http:', 'file:'].includes(url.protocol)) {
    throw new VeritySignError('usage', `${label} is not an https, http or file URL`, {
      remedy: 'Use the URL of a mirror, or of the archive itself',
    });
  }
  return value;
}
