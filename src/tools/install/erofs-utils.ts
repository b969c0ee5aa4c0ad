import { VeritySignError } from '../../errors.ts';
import { ToolError } from '../../lib/process/run.ts';
import { Apt } from './apt.ts';
import { buildErofsUtils } from './build.ts';
import { findKept } from './cached.ts';
import type { InstallContext, MkfsCheck } from './context.ts';
import type { Archive } from './download.ts';
import { type ErofsUtilsRequest, erofsUtilsArchive } from './erofs-utils-release.ts';
import { findOnPath, versionOf } from './locate.ts';
import { restore, save } from './runner-cache.ts';
import { erofsUtilsWillDo } from './versions.ts';

/**
 * Returns the path of a mkfs.erofs that passes the known-answer test: from PATH, the tool cache, the
 * runner's cache, the distribution's package, or built from source; the first that will do.
 */
export async function ensureErofsUtils(
  request: ErofsUtilsRequest,
  check: MkfsCheck,
  context: InstallContext,
): Promise<string> {
  const { log } = context;
  const path =
    (await onPath(request, check, context)) ??
    (await kept(request, check, log)) ??
    (await install(request, check, context));
  log.info(`mkfs.erofs: ${path}`);
  return path;
}

async function onPath(
  { wanted }: ErofsUtilsRequest,
  check: MkfsCheck,
  { log, signal }: InstallContext,
): Promise<string | undefined> {
  const path = findOnPath('mkfs.erofs');
  if (path === undefined) return undefined;
  const version = await versionOf([path, '-V'], signal);
  const reason =
    version === undefined
      ? 'it tells no version'
      : erofsUtilsWillDo(version, wanted)
        ? await check(path)
        : `it is version ${version}`;
  if (reason === undefined) return path;
  log.info(`${path} will not do: ${reason}`);
  return undefined;
}

async function kept(
  request: ErofsUtilsRequest,
  check: MkfsCheck,
  log: InstallContext['log'],
): Promise<string | undefined> {
  const archive = archiveOf(request);
  if (archive instanceof Error) return undefined;
  const find = (): Promise<string | undefined> => findKept(archive, 'mkfs.erofs', check, log);
  const present = await find();
  if (present !== undefined) return present;
  await restore(archive, log);
  return find();
}

async function install(
  request: ErofsUtilsRequest,
  check: MkfsCheck,
  context: InstallContext,
): Promise<string> {
  const apt = await Apt.open(context);
  const packaged = await fromPackage(apt, request, check, context);
  if (packaged !== undefined) return packaged;
  const archive = archiveOf(request);
  if (archive instanceof Error) throw archive;
  const path = await buildErofsUtils(archive, apt, check, context);
  await save(archive, context.log);
  return path;
}

/** A tarball that was asked for by checksum or place is built: then no package is looked for. */
async function fromPackage(
  apt: Apt | string,
  request: ErofsUtilsRequest,
  check: MkfsCheck,
  context: InstallContext,
): Promise<string | undefined> {
  if (!(apt instanceof Apt) || request.sha256 !== undefined || request.url !== undefined) return undefined;
  try {
    const candidate = await apt.candidate('erofs-utils');
    if (candidate === undefined || !erofsUtilsWillDo(candidate, request.wanted)) {
      context.log.info(`The distribution's erofs-utils (${candidate ?? 'none'}) will not do`);
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

/** The error is told only if nothing else will do. */
function archiveOf(request: ErofsUtilsRequest): Archive | VeritySignError {
  try {
    return erofsUtilsArchive(request);
  } catch (error) {
    if (error instanceof VeritySignError) return error;
    throw error;
  }
}
