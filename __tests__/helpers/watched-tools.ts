import {
  chmodSync,
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { toolPath } from './tools.ts';

export interface WatchedTools {
  oras: string;
  mkfs: string;
  /** Number of starts of both programs. */
  calls(): number;
  /** A folder with the environment, the arguments and the temporary files of each call. */
  folder: string;
}

/** oras and mkfs.erofs that first record their input and the files in `temp`. */
export function watchedTools(folder: string, temp: string): WatchedTools {
  mkdirSync(folder, { recursive: true });
  const wrap = (name: string): string => {
    const path = join(folder, name);
    const lines = [
      '#!/bin/sh',
      `call=$(mktemp -d '${folder}/call-XXXXXX')`,
      'tr "\\0" "\\n" < /proc/$$/environ > "$call/environment"',
      // The arguments of this process, then of all processes.
      'tr "\\0" " " < /proc/$$/cmdline > "$call/arguments"',
      'ps -eo args > "$call/processes"',
      `cp -r '${temp}' "$call/temp" 2>/dev/null`,
      `exec '${toolPath(name)}' "$@"`,
    ];
    writeFileSync(path, `${lines.join('\n')}\n`);
    chmodSync(path, 0o755);
    return path;
  };
  const calls = (): number => readdirSync(folder).filter((name) => name.startsWith('call-')).length;
  return { oras: wrap('oras'), mkfs: wrap('mkfs.erofs'), calls, folder };
}

/** The known-answer test makes sparse files of terabytes; other files of this program are small. */
const READ_AT_MOST = 64 * 1024 * 1024;

/** The files below a folder that hold one of the words. */
export function filesWith(folder: string, words: readonly (string | Uint8Array)[]): string[] {
  const wanted = words.map((word) => Buffer.from(word));
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => {
      const bytes = beginning(path);
      return wanted.some((word) => bytes.includes(word));
    });
}

function beginning(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(Math.min(fstatSync(file).size, READ_AT_MOST));
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(file);
  }
}
