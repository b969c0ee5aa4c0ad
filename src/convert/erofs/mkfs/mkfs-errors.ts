import { constants } from 'node:os';
import { isSystemLimit, VeritySignError } from '../../../errors.ts';
import type { Limits } from '../../../lib/process/confinement/limits.ts';
import { ToolError } from '../../../lib/process/run.ts';
import { SystemLimitError } from '../../../lib/process/system-limit.ts';
import { compareVersions } from '../../../tools/versions.ts';
import { REAL_PATHS } from '../../tar/refusals.ts';

/** The error numbers with which mkfs.erofs refuses a tar. [lib/tar.c, lib/rebuild.c] */
const TAR_ERRORS: Readonly<Record<number, string>> = {
  2: 'a hard link whose target is missing or comes later',
  5: 'a bad or cut header, PAX record or file',
  21: 'a hard link to a directory or to the root',
  36: 'a name of more than 255 bytes',
  74: 'a header with a wrong checksum',
  117: 'a negative or absurd value in a header',
};

const NOT_A_DIRECTORY = 20;
const NO_MEMORY = 12;
const NO_SPACE = 28;

/**
 * Explains a failed run of mkfs.erofs as a VeritySignError: `image` for a refused tar, `usage` for unknown
 * options, `environment` for the rest. Errors of the tar stream pass through.
 * @param timeout milliseconds, for the message
 * @param limits those of the run
 * @param version of mkfs.erofs, if it is known
 */
export function explainFailure(error: unknown, timeout: number, limits?: Limits, version?: string): unknown {
  if (isNoSpace(error)) return diskFull(error);
  if (isSystemLimit(error)) return new SystemLimitError('no more files can be opened', error);
  if (!(error instanceof ToolError)) return error;
  const { stderr, killedBy, exitCode, timedOut } = error;
  // 124 and 137 come from timeout(1) under sudo.
  if (timedOut || exitCode === 124) {
    return new VeritySignError('environment', `mkfs.erofs did not finish within ${timeout / 1000} s`, {
      remedy: 'Raise timeout, or check what mkfs.erofs is waiting for',
      cause: error,
    });
  }
  const signal = killedBy ?? signalOf(exitCode);
  const number = Number(/\[Error (\d+)\]/.exec(stderr)?.[1]);
  if (limits !== undefined && signal === 'SIGXCPU') {
    return beyondLimit(`${limits.processorSeconds} s of processor time`, 'raise timeout', error);
  }
  if (limits !== undefined && signal === undefined && number === NO_MEMORY) {
    return beyondLimit(`${Math.floor(limits.memory / 2 ** 20)} MiB of memory`, undefined, error);
  }
  if (signal !== undefined) {
    return new VeritySignError('environment', `mkfs.erofs crashed on this layer (${signal})`, {
      remedy: crashRemedy(signal, version),
      cause: error,
    });
  }
  if (number === NO_SPACE || /No space left on device/.test(stderr)) return diskFull(error);
  if (version !== undefined && /failed to read header block/.test(stderr) && needsEndMarker(version)) {
    const what = `mkfs.erofs ${version} cannot unpack this layer: the end-of-archive marker is missing or cut`;
    return new VeritySignError('image', what, { remedy: LATER_RELEASE, cause: error });
  }
  if (number === NOT_A_DIRECTORY) {
    const what =
      "EROFS cannot take this layer: a path goes through a symbolic link or another file that is not a directory; or the layer's tar is malformed: an opaque marker at the root";
    return new VeritySignError('image', what, { remedy: REAL_PATHS, cause: error });
  }
  const reason = TAR_ERRORS[number];
  if (reason !== undefined) {
    const detail = /<E> erofs: ([^\t\n][^\n]*)/.exec(stderr)?.[1];
    const said = detail === undefined ? '' : `; mkfs.erofs says: ${detail.trim()}`;
    return new VeritySignError('image', `the layer's tar is malformed: ${reason}${said}`, {
      remedy: 'Build this layer again; no node can unpack it into EROFS either',
      cause: error,
    });
  }
  const compressor = /Cannot find a valid compressor (\S+)/.exec(stderr)?.[1];
  if (compressor !== undefined) {
    return new VeritySignError(
      'environment',
      `mkfs-options: this mkfs.erofs has no compressor ${compressor}`,
      {
        remedy:
          'Set mkfs-path to the mkfs.erofs that makes the images on the nodes or in the cache; one that the Action builds has deflate only',
        cause: error,
      },
    );
  }
  if (/unrecognized option|invalid option|option .* requires|invalid (extended )?option/i.test(stderr)) {
    return new VeritySignError('usage', `mkfs.erofs does not support mkfs-options (${firstLine(stderr)})`, {
      remedy: "Check mkfs-options against the node's configuration and the version of erofs-utils",
      cause: error,
    });
  }
  return new VeritySignError('environment', error.message, {
    remedy: 'Check that this mkfs.erofs works and that the temporary folder is writable',
    cause: error,
  });
}

/** What to do about a layer that 1.8.10 alone does not take. */
export const LATER_RELEASE =
  'Nodes with this release cannot unpack the layer either; 1.9.1 and later can: update erofs-utils on the nodes and here, or build the layer again';

/** Until 1.8.10, mkfs.erofs reads on until it finds the marker. */
function needsEndMarker(version: string): boolean {
  return compareVersions(version, '1.9') < 0;
}

/** SIGKILL is what the system sends when memory runs out; others are defects of this release. */
function crashRemedy(signal: string, version: string | undefined): string {
  if (signal === 'SIGKILL') return 'Check the free memory, and who else ends processes on this machine';
  return version !== undefined && needsEndMarker(version)
    ? `${LATER_RELEASE} without what makes this release crash, such as an entry named /`
    : 'Nodes with this release cannot unpack the layer either: build it again another way, and report it to the erofs-utils project';
}

/** The signal that ended a program whose shell exited with this status. */
function signalOf(exitCode: number | undefined): string | undefined {
  if (exitCode === undefined || exitCode <= 128) return undefined;
  const found = Object.entries(constants.signals).find(([, number]) => number === exitCode - 128);
  return found?.[0] ?? `signal ${exitCode - 128}`;
}

function beyondLimit(what: string, remedy: string | undefined, cause: unknown): VeritySignError {
  const native = 'Build the layer with fewer files and folders, or set builder to native';
  return new VeritySignError('environment', `mkfs.erofs needs more than ${what} for this layer`, {
    remedy: remedy === undefined ? native : `${native}, or ${remedy}`,
    cause,
  });
}

function isNoSpace(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG';
}

function diskFull(cause: unknown): VeritySignError {
  return new VeritySignError('environment', 'the temporary folder has no space left', {
    remedy: 'Free some space, or set temp-dir to a larger folder',
    cause,
  });
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0] ?? '';
}
