import { hash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { VeritySignError } from '../../../errors.ts';
import { describeConfinement } from '../../../lib/process/confinement/describe.ts';
import { FdSink } from '../../../lib/process/fd-sink.ts';
import { ToolError } from '../../../lib/process/run.ts';
import { SystemLimitError } from '../../../lib/process/system-limit.ts';
import type { Logger } from '../../../logger.ts';
import type { KnownClass, MkfsClass, MkfsInfo, ProfileName } from '../../../model/index.ts';
import { CLASSES_IN_WORDS, isKnownClass, KNOWN_CLASSES } from '../../../model/profiles.ts';
import { gapsOf } from '../../../report/confinement.ts';
import { locateMkfs, measureMkfs, refuseOldVersion } from '../../../tools/mkfs-erofs.ts';
import { mkfsLimits } from '../../../tools/mkfs-limits.ts';
import { releaseOf } from '../../../tools/versions.ts';
import type { ErofsBuilder } from '../builder.ts';
import { PROFILES } from '../profile.ts';
import { layerUuid } from '../uuid.ts';
import { KNOWN_ANSWERS, type KnownAnswer } from './known-answer-data.ts';
import { MkfsBuilder } from './mkfs-builder.ts';
import { parseMkfsOptions } from './mkfs-options.ts';

const TEST_PROFILES = ['containerd', 'containerd-tar-index'] as const;
/** Milliseconds for one conversion of a few kilobytes. */
const TIMEOUT = 30_000;
/** Bytes. */
const MAX_TAR_SIZE = 64 * 1024;
const OTHER_MKFS =
  'Use mkfs.erofs of erofs-utils 1.8.6, 1.8.10 or 1.9.1 to 1.9.4 as its project builds it (set mkfs-path)';

export interface MkfsBuilderOptions {
  /** Default: mkfs.erofs on PATH. */
  mkfsPath?: string | undefined;
  /** A class such as `C`, an exact version, or `any` to accept an unknown class. */
  wanted?: string | undefined;
  /** Profiles to build; the test covers no others. */
  profiles: readonly ProfileName[];
  /** Options of the user: they are tried too, so that those that this mkfs.erofs lacks are refused before the work. */
  mkfsOptions?: string | undefined;
  /** Milliseconds for a layer, and maximum size of its tar: for the report of its limits. */
  timeout?: number | undefined;
  maxTarSize?: number | undefined;
  /** A private folder. */
  tempFolder: string;
  signal?: AbortSignal | undefined;
  log: Logger;
}

/** A builder whose known-answer test may still be running: do not use its images before `info` resolves. */
export interface TestedBuilder {
  builder: MkfsBuilder;
  info: Promise<MkfsInfo>;
  /** Stops the test if it is still running, and waits for its end. */
  stop(): Promise<void>;
}

/**
 * Finds mkfs.erofs and a way to run it as root, and starts to convert a few built-in layers exactly as the real
 * ones: their images show its class, and that owners, times and environment are those of a node.
 * @throws VeritySignError 'usage' for an invalid `wanted`, 'environment' for the rest; also through `info`
 */
export async function startMkfsBuilder(options: MkfsBuilderOptions): Promise<TestedBuilder> {
  const wanted = parseWanted(options.wanted);
  const path = locateMkfs(options.mkfsPath);
  const { version, ...program } = await measureMkfs(path, options.tempFolder, options.signal);
  const builder = new MkfsBuilder(program, version);
  const stopped = new AbortController();
  const signals = [stopped.signal, ...(options.signal === undefined ? [] : [options.signal])];
  const info = testBuilder(builder, version, wanted, { ...options, signal: AbortSignal.any(signals) });
  // `info` may reject before the caller awaits it.
  const over = info.then(
    () => undefined,
    () => undefined,
  );
  const stop = (): Promise<void> => {
    stopped.abort();
    return over;
  };
  return { builder, info, stop };
}

/** The same; resolves once the test has passed. */
export async function createMkfsBuilder(
  options: MkfsBuilderOptions,
): Promise<{ builder: MkfsBuilder; info: MkfsInfo }> {
  const { builder, info } = await startMkfsBuilder(options);
  return { builder, info: await info };
}

async function testBuilder(
  builder: MkfsBuilder,
  version: string,
  wanted: Wanted,
  options: MkfsBuilderOptions,
): Promise<MkfsInfo> {
  const { path, privilege, level } = builder.program;
  const { timeout = TIMEOUT, maxTarSize = MAX_TAR_SIZE } = options;
  const limits = mkfsLimits({ blobSize: 0, timeout, maxTarSize, compresses: false });
  const confinement = describeConfinement(level, privilege, limits);
  const found = await findClass(builder, version, options).catch((error: unknown) => {
    if (isAboutImages(error)) refuseOldVersion(version);
    throw error;
  });
  const info: MkfsInfo = { kind: 'mkfs', path, version, privilege, class: found.class, confinement };
  if (found.class === 'unknown') {
    // The test decides; a version explains its result.
    refuseOldVersion(version);
    const what = `mkfs.erofs ${version} produces images that match no known release (${found.differs})`;
    if (wanted.kind !== 'any') {
      const remedy = `${OTHER_MKFS}, or set erofs-utils-version to any`;
      throw new VeritySignError('environment', what, { remedy });
    }
    options.log.warn(`${what}: the root hashes are valid only for nodes with this very mkfs.erofs`);
  }
  refuseUnwanted(info, wanted);
  await tryOptions(builder, options);
  options.log.debug(`mkfs.erofs ${version}, class ${info.class}, as ${privilege}: ${path}`);
  const gaps = gapsOf(confinement);
  if (gaps.length > 0) options.log.warn(`mkfs.erofs is not fully confined: ${gaps.join(', ')}`);
  return info;
}

/** Whether the program failed by itself: not because of a signal or of the machine's limits. */
function isAboutImages(error: unknown): boolean {
  return (
    error instanceof VeritySignError && error.code !== 'cancelled' && !(error instanceof SystemLimitError)
  );
}

type Wanted = { kind: 'none' | 'any' } | { kind: 'class' | 'version'; value: string };

function parseWanted(text: string | undefined): Wanted {
  if (text === undefined || text === '') return { kind: 'none' };
  if (text === 'any') return { kind: 'any' };
  if (isKnownClass(text.toUpperCase())) return { kind: 'class', value: text.toUpperCase() };
  if (/^\d+\.\d+/.test(text)) return { kind: 'version', value: text };
  throw new VeritySignError(
    'usage',
    `erofs-utils-version ${JSON.stringify(text)} is neither a version nor a class`,
    {
      remedy: `Use a version such as 1.9.4, a class (${CLASSES_IN_WORDS}) or any`,
    },
  );
}

function refuseUnwanted(info: MkfsInfo, wanted: Wanted): void {
  if (wanted.kind !== 'class' && wanted.kind !== 'version') return;
  const is = wanted.kind === 'class' ? info.class : releaseOf(info.version, info.class);
  if (is === wanted.value || info.version === wanted.value) return;
  const what = `mkfs.erofs is version ${info.version}, class ${info.class}; erofs-utils-version requires ${wanted.kind} ${wanted.value}`;
  throw new VeritySignError('environment', what, {
    remedy: 'Install that erofs-utils, set mkfs-path to it, or change erofs-utils-version',
  });
}

interface Answer {
  known: KnownAnswer;
  profile: (typeof TEST_PROFILES)[number];
  sha256: string;
}

async function findClass(
  builder: MkfsBuilder,
  version: string,
  options: MkfsBuilderOptions,
): Promise<{ class: MkfsClass; differs: string }> {
  const profiles = testedProfiles(options);
  const runs = KNOWN_ANSWERS.flatMap((known) => profiles.map((profile) => ({ known, profile })));
  const settled = await Promise.allSettled(
    runs.map(async (run): Promise<Answer> => ({ ...run, sha256: await imageHash(builder, run, options) })),
  );
  const answers = settled.map((result) => {
    if (result.status === 'rejected') throw unableToRun(result.reason, version);
    return result.value;
  });
  const wrongFor = (of: KnownClass): Answer[] =>
    answers.filter(({ known, profile, sha256 }) => known.images[profile][of] !== sha256);
  const fits = KNOWN_CLASSES.find((of) => wrongFor(of).length === 0);
  const differs = wrongFor('C').map(({ known, profile }) => `${known.name} in profile ${profile}`);
  return { class: fits ?? 'unknown', differs: differs.join(', ') };
}

/** Converts a built-in layer with the user's options; any image will do. */
async function tryOptions(builder: ErofsBuilder, options: MkfsBuilderOptions): Promise<void> {
  const [known] = KNOWN_ANSWERS;
  if (options.mkfsOptions === undefined || known === undefined) return;
  const mkfsOptions = parseMkfsOptions(options.mkfsOptions);
  for (const profile of testedProfiles(options)) {
    await imageHash(builder, { known, profile, mkfsOptions }, options).catch((error: unknown) => {
      throw refusedOptions(error, mkfsOptions);
    });
  }
}

/** This layer passed with the default options: what mkfs.erofs refuses now are the user's. */
function refusedOptions(error: unknown, mkfsOptions: readonly string[]): unknown {
  if (!(error instanceof VeritySignError) || error.message.includes('mkfs-options')) return error;
  const { cause } = error;
  if (!(cause instanceof ToolError) || cause.exitCode !== 1) return error;
  const said = /<E> erofs: ([^\t\n][^\n]*)/.exec(cause.stderr)?.[1] ?? `exit status ${cause.exitCode}`;
  return new VeritySignError(
    'usage',
    `mkfs-options ${mkfsOptions.join(' ')}: mkfs.erofs refuses them (${said})`,
    {
      remedy: "Use exactly the mkfs_options of the node's erofs differ, which its mkfs.erofs accepts",
      cause,
    },
  );
}

function testedProfiles({ profiles }: MkfsBuilderOptions): Answer['profile'][] {
  return TEST_PROFILES.filter((profile) =>
    profiles.some((asked) => PROFILES[asked].appendsTar === PROFILES[profile].appendsTar),
  );
}

async function imageHash(
  builder: ErofsBuilder,
  {
    known,
    profile,
    mkfsOptions = PROFILES[profile].defaultOptions,
  }: Pick<Answer, 'known' | 'profile'> & { mkfsOptions?: readonly string[] },
  { tempFolder, signal }: MkfsBuilderOptions,
): Promise<string> {
  const build = await builder.start({
    profile,
    uuid: layerUuid(known.digest),
    mkfsOptions,
    folder: tempFolder,
    name: `known-answer-${known.name}-${profile}`,
    blobSize: known.blob.length,
    maxTarSize: MAX_TAR_SIZE,
    timeout: TIMEOUT,
    ...(signal === undefined ? {} : { signal }),
  });
  const tar = gunzipSync(Buffer.from(known.blob, 'base64'));
  const sinks = build.sinks.map((fd) => new FdSink(fd));
  try {
    await Promise.all(sinks.map((sink) => sink.write(tar)));
    await Promise.all(sinks.map((sink) => sink.flush()));
  } catch (error) {
    build.stop();
    await Promise.all(sinks.map((sink) => sink.idle()));
    await build.abort();
    throw error;
  }
  const { files } = await build.finish();
  try {
    return hash('sha256', Buffer.concat(await Promise.all(files.map(({ path }) => readFile(path)))), 'hex');
  } finally {
    await Promise.all(files.map(({ path }) => rm(path, { force: true })));
  }
}

function unableToRun(reason: unknown, version: string): unknown {
  if (!(reason instanceof VeritySignError) || reason.code === 'cancelled') return reason;
  if (reason instanceof SystemLimitError) return reason;
  return new VeritySignError(
    'environment',
    `mkfs.erofs ${version} cannot convert the built-in test layers: ${reason.message}`,
    { remedy: OTHER_MKFS, cause: reason },
  );
}
