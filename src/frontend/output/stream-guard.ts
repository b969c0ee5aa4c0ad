import { writeSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { withoutSecrets } from '../../errors.ts';
import { beforeFirstUse, DESCRIPTOR, isFile, isUnused, type StandardStream } from './first-use.ts';
import { type HarmlessText, harmless } from './foreign-text.ts';

/** Moves to the start of a terminal's line and clears it: the only control characters of this program. */
export const ERASE_LINE = '\r\u001b[K';

export interface GuardOptions {
  /** True in the Actions: commands that @actions/core writes, each alone in one call, reach the runner. */
  commands: boolean;
}

/** What @actions/core writes for this program and the toolkit's libraries. A property or second line is foreign. */
const COMMAND = /^::(debug|notice|warning|error|group|endgroup|add-mask)::([^\r\n]*)\n$/;

/**
 * Makes all text harmless that anything in this process writes to standard output and error: libraries log
 * the answers of servers, and the next output of this program may forget to. Call it before anything else.
 */
export function guardStreams(options: GuardOptions): void {
  for (const name of ['stdout', 'stderr'] as const) {
    beforeFirstUse(name, (stream) => {
      writeWhole(stream, name);
      guard(stream, options);
    });
  }
}

type Done = (error?: Error | null) => void;
type Write = (text: string | Uint8Array, done?: Done) => boolean;

/** What writes to a guarded stream as it is. */
const unguarded = new WeakMap<NodeJS.WriteStream, Write>();

/** One block of what is public: neither a key nor text that could steer a terminal or log. */
const PUBLIC_PEM =
  /^-----BEGIN (CERTIFICATE|CERTIFICATE REQUEST)-----\n(?:[A-Za-z0-9+/]{1,64}={0,2}\n)+-----END \1-----\n$/;

/**
 * Writes a certificate or certificate request to a stream. The guard would take it for a key.
 * @throws TypeError for any other text
 */
export function writePublicPem(stream: NodeJS.WriteStream, pem: string): void {
  if (!PUBLIC_PEM.test(pem)) throw new TypeError('not a certificate or certificate request in PEM');
  asItIs(stream)(pem);
}

/**
 * Writes to standard output, at once and without the stream unless that is in use. What cannot be written at once
 * goes to the stream, which waits or fails as ever.
 */
export function writeAtOnce(text: HarmlessText): void {
  const bytes = Buffer.from(text);
  // The stream meets the same error, and reports it.
  const { written } = isUnused('stdout') ? writeAll(DESCRIPTOR.stdout, bytes) : { written: 0 };
  if (written < bytes.length) asItIs(process.stdout)(bytes.subarray(written));
}

/**
 * Node writes to a file with one call and takes what the file did not accept for written: of a report on a disk that
 * becomes full, a part would be left and the run would end well. Here the rest is written too, or the error of the
 * system is that of the stream. Pipes and terminals are libuv's, which writes all.
 * [Node.js, SyncWriteStream]
 */
function writeWhole(stream: NodeJS.WriteStream, name: StandardStream): void {
  if (!isFile(name)) return;
  stream._write = (chunk: Uint8Array, _encoding, done): void => {
    const { error } = writeAll(DESCRIPTOR[name], chunk);
    done(error);
  };
}

/** The number of bytes that the system took, and its error if these are not all. */
function writeAll(descriptor: number, bytes: Uint8Array): { written: number; error?: Error } {
  let written = 0;
  try {
    while (written < bytes.length) written += writeSync(descriptor, bytes, written);
    return { written };
  } catch (error) {
    return { written, error: error as Error };
  }
}

function asItIs(stream: NodeJS.WriteStream): Write {
  return unguarded.get(stream) ?? stream.write.bind(stream);
}

function guard(stream: NodeJS.WriteStream, { commands }: GuardOptions): void {
  const write: Write = stream.write.bind(stream);
  unguarded.set(stream, write);
  const filter = streamFilter({ commands, terminal: stream.isTTY === true });
  const decoder = new StringDecoder('utf8');
  stream.write = (chunk: string | Uint8Array, encoding?: BufferEncoding | Done, done?: Done): boolean => {
    const text = typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk));
    return write(filter(text), typeof encoding === 'function' ? encoding : done);
  };
}

/** A filter for the chunks of one stream. It remembers the open line: a trigger may be split between chunks. */
export function streamFilter(options: GuardOptions & { terminal: boolean }): (chunk: string) => string {
  let open = '';
  return (chunk) => {
    const command = options.commands && open === '' ? COMMAND.exec(chunk) : null;
    if (command !== null) return commandLine(command[1] ?? '', command[2] ?? '');
    const erase = options.terminal && chunk.startsWith(ERASE_LINE) ? ERASE_LINE : '';
    if (erase !== '') open = '';
    const lines = chunk.slice(erase.length).split('\n');
    const filtered = lines.map((line, index) => {
      const before = index === 0 ? open : '';
      const whole = harmless(before + line);
      open = stateOf(whole);
      return whole.slice(before.length);
    });
    return erase + filtered.join('\n');
  };
}

/** What of an unfinished line decides how it may go on. */
function stateOf(line: string): string {
  return /^ *:?$/.test(line) ? line : `…${line.slice(-1)}`;
}

/**
 * A mask must stay exact; the runner does not print it. All else is a message: the toolkit's debug lines have URLs as they
 * were given, with passwords and signatures in them.
 */
function commandLine(name: string, data: string): string {
  return `::${name}::${name === 'add-mask' ? data : harmless(messageOf(data))}\n`;
}

/** The lines of a command are filtered one by one: their ends are escaped, and would count as a part of a URL. */
function messageOf(data: string): string {
  return data
    .split(/(%0A|%0D)/)
    .map(withoutSecrets)
    .join('');
}
