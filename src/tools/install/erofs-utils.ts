import { ToolError } from '../../lib/process/run.ts';
import { erofsUtilsFits, labelFits } from '../versions.ts';
import { Apt } from './apt.ts';
import { buildErofsUtils } from './build.ts';
import type { InstallContext, MkfsCheck } from './context.ts';
import { type ErofsUtilsRequest, erofsUtilsArchive } from './erofs-utils-release.ts';
import { findInstalled, versionOf } from './locate.ts';

/**
 * Returns the path of the first mkfs.erofs that passes the known-answer test: on PATH, in the
 * distribution's package, or built from pinned source. None comes out of a cache: its checksum could only
 * be compared with one that lies in the same cache.
 */
export async function ensureErofsUtils(
  request: ErofsUtilsRequest,
  check: MkfsCheck,
  context: InstallContext,
): Promise<string> {
  const { log } = context;
  const path = (await onPath(request, check, context)) ?? (await install(request, check, context));
  log.info(`mkfs.erofs: ${path}`);
  return path;
}

async function onPath(
  { wanted }: ErofsUtilsRequest,
  check: MkfsCheck,
  { log, signal }: InstallContext,
): Promise<string | undefined> {
  const path = findInstalled('mkfs.erofs');
  if (path === undefined) return undefined;
  const version = await versionOf([path, '-V'], signal);
  const reason =
    version === undefined
      ? 'it prints no version'
      : labelFits(version, wanted)
        ? await check(path)
        : `it is version ${version}`;
  if (reason === undefined) return path;
  log.info(`${path} is not usable: ${reason}`);
  return undefined;
}

async function install(
  request: ErofsUtilsRequest,
  check: MkfsCheck,
  context: InstallContext,
): Promise<string> {
  const apt = await Apt.open(context);
  const packaged = await fromPackage(apt, request, check, context);
  if (packaged !== undefined) return packaged;
  return buildErofsUtils(erofsUtilsArchive(request), apt, check, context);
}

/** The distribution's package. If a tarball was requested by checksum or URL, no package is used. */
async function fromPackage(
  apt: Apt | string,
  request: ErofsUtilsRequest,
  check: MkfsCheck,
  context: InstallContext,
): Promise<string | undefined> {
  if (!(apt instanceof Apt) || request.sha256 !== undefined || request.url !== undefined) return undefined;
  try {
    const candidate = await apt.candidate('erofs-utils');
    if (candidate === undefined || !erofsUtilsFits(candidate, request.wanted)) {
      context.log.info(`The distribution's erofs-utils (${candidate ?? 'none'}) is not usable`);
      return undefined;
    }
    await apt.install(['erofs-utils']);
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    context.log.warn(`The distribution's erofs-utils cannot be installed: ${error.message}`);
    return undefined;
  }
  return onPath(request, check, context);
}
