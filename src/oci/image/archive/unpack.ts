import { createReadStream } from 'node:fs';
import { mkdir, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Parser, type ReadEntry } from 'tar';
import { VeritySignError } from '../../../errors.ts';
import { isDigest } from '../../../formats/digest.ts';
import { onAbort } from '../../../lib/concurrent.ts';
import { unreadable } from '../../../lib/if-there.ts';
import { dockerArchive } from './docker-archive.ts';
import { EntryWriter } from './entry-writer.ts';
import { isDockerArchive } from './is-docker-archive.ts';

export const LAYOUT_FILES = ['oci-layout', 'index.json'];
/** Files that docker and containerd add to a layout; kept, so that the archive can still be loaded. */
export const EXTRA_FILES = ['manifest.json', 'repositories'];
/** What oras and BuildKit leave in a layout: uploads and a lock. */
const IGNORED = /^(?:ingest(?:\/.*)?|index\.json\.lock)$/;
const FOLDERS = ['blobs', 'blobs/sha256', 'blobs/sha512'];

/**
 * As {@link unpackTar}, for a file, which must not be compressed as a whole.
 *
 * @param name the archive as the user wrote it, for messages
 */
export async function unpackArchive(
  file: string,
  name: string,
  directory: string,
  signal?: AbortSignal,
): Promise<void> {
  await checkFile(file);
  const inputError = (cause: unknown) => unreadable(file, cause);
  // The parser queues the entries of a chunk: hundreds of small ones in a MiB.
  try {
    await unpackTar(createReadStream(file, { highWaterMark: 128 * 1024 }), inputError, directory, signal);
  } catch (error) {
    if (error instanceof NotALayoutError && (await isDockerArchive(file, signal)))
      throw dockerArchive(name, 'image');
    throw error;
  }
}

/** An entry of the archive does not belong in a layout. */
class NotALayoutError extends VeritySignError {}

/**
 * Unpacks the tar of a layout into `directory`. Only regular files at the paths of a layout are
 * written, each once.
 *
 * @param inputError turns an error of `input` into the error to throw
 * @throws VeritySignError 'image' for links, devices and other paths
 */
export async function unpackTar(
  input: Readable,
  inputError: (cause: unknown) => unknown,
  directory: string,
  signal?: AbortSignal,
): Promise<void> {
  for (const folder of FOLDERS) await mkdir(join(directory, folder), { recursive: true });
  const files = new EntryWriter();
  const seen = new Set<string>();
  let release = (): void => undefined;
  const read = new Promise<void>((resolve, reject) => {
    const stop = (cause: unknown): void => {
      input.destroy();
      reject(cause);
    };
    release = onAbort(signal, () =>
      stop(new VeritySignError('cancelled', 'unpacking the archive was stopped')),
    );
    const parser = new Parser({
      strict: true,
      // The parser goes on to the next entry when this one has been read: one file is open at a time.
      onReadEntry(entry: ReadEntry) {
        try {
          const name = safeName(entry, seen);
          if (name === undefined) entry.resume();
          else files.add(entry, join(directory, name)).catch(stop);
        } catch (error) {
          entry.resume();
          stop(error);
        }
      },
    });
    parser.on('error', (cause: Error) => {
      stop(new VeritySignError('image', `the archive is damaged (${cause.message})`, { cause }));
    });
    parser.on('end', () => {
      files.ended().then(resolve, reject);
    });
    input.on('error', (cause) => stop(inputError(cause)));
    input.pipe(parser as unknown as NodeJS.WritableStream);
  });
  try {
    await read;
  } catch (error) {
    await files.stop();
    throw error;
  } finally {
    release();
  }
}

/** The entry's path in the layout; undefined for a folder of the layout, and for what is not part of it. */
function safeName(entry: ReadEntry, seen: Set<string>): string | undefined {
  const name = entry.path.replace(/^(\.\/)+/, '').replace(/\/$/, '');
  if (entry.type === 'Directory' && [...FOLDERS, '', '.'].includes(name)) return undefined;
  if (IGNORED.test(name)) return undefined;
  const quoted = JSON.stringify(entry.path.slice(0, 200));
  if (entry.type !== 'File' && entry.type !== 'OldFile') {
    throw new NotALayoutError(
      'image',
      `the archive holds ${quoted}, which is not a regular file (${entry.type})`,
    );
  }
  const [top, algorithm, hex, ...more] = name.split('/');
  const isBlob = top === 'blobs' && more.length === 0 && isDigest(`${algorithm}:${hex}`);
  if (!isBlob && !LAYOUT_FILES.includes(name) && !EXTRA_FILES.includes(name)) {
    throw new NotALayoutError('image', `the archive holds ${quoted}, which does not belong in an OCI layout`);
  }
  if (seen.has(name)) throw new VeritySignError('image', `the archive holds ${quoted} twice`);
  seen.add(name);
  return name;
}

async function checkFile(path: string): Promise<void> {
  try {
    await checkStart(path);
  } catch (error) {
    throw error instanceof VeritySignError ? error : unreadable(path, error);
  }
}

async function checkStart(path: string): Promise<void> {
  if (!(await stat(path)).isFile()) {
    throw new VeritySignError('usage', `${path} is not a file`, {
      remedy: 'For a folder in OCI image layout use oci:DIR',
    });
  }
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    if (buffer.readUInt16BE(0) === 0x1f8b || buffer.readUInt32LE(0) === 0xfd2fb528) {
      throw new VeritySignError('image', 'the archive is compressed', {
        remedy: 'Decompress it: the layers in it are compressed already',
      });
    }
  } finally {
    await file.close();
  }
}
