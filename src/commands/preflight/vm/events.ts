import { open } from 'node:fs/promises';
import { VeritySignError } from '../../../errors.ts';
import { printable } from '../../../lib/printable.ts';
import { type GuestEvent, guestEvent } from './protocol.ts';

/** Bytes of the longest line: an audit record of 16 KiB, each byte as `\u0000`, and its other fields. */
const MAX_LINE = 512 * 1024;
const CHUNK = 256 * 1024;
const NUL = 0;
const NEWLINE = 0x0a;

/**
 * Reads the report disk up to its first NUL. The last event of a complete report is `end`; a guest that was
 * stopped leaves a report without one, and half a line at the end is dropped.
 * @throws VeritySignError 'unchecked' for a line that is not an event, and for a line after `end`
 */
export async function* readEvents(path: string): AsyncGenerator<GuestEvent> {
  let number = 0;
  let ended = false;
  for await (const line of lines(path)) {
    number += 1;
    if (ended) throw refused(number, 'follows the end of the report');
    const event = parse(line, number);
    ended = event.event === 'end';
    yield event;
  }
}

async function* lines(path: string): AsyncGenerator<Buffer> {
  const file = await open(path);
  try {
    let rest: Buffer = Buffer.alloc(0);
    let number = 1;
    for (let complete = false; !complete; ) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(CHUNK), 0, CHUNK, null);
      const nul = buffer.subarray(0, bytesRead).indexOf(NUL);
      complete = nul !== -1 || bytesRead === 0;
      rest = Buffer.concat([rest, buffer.subarray(0, nul === -1 ? bytesRead : nul)]);
      let start = 0;
      for (let end = rest.indexOf(NEWLINE); end !== -1; end = rest.indexOf(NEWLINE, start)) {
        if (end - start > MAX_LINE) throw tooLong(number);
        yield rest.subarray(start, end);
        start = end + 1;
        number += 1;
      }
      rest = rest.subarray(start);
      if (rest.length > MAX_LINE) throw tooLong(number);
    }
  } finally {
    await file.close();
  }
}

function parse(line: Buffer, number: number): GuestEvent {
  let value: unknown;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(line);
    value = JSON.parse(text, (_key, part: unknown) => {
      if (typeof part === 'string' && !isBytes(part)) throw new RangeError('not a byte');
      return part;
    });
  } catch (cause) {
    throw refused(number, 'is not JSON with one character for each byte', cause);
  }
  const read = guestEvent.safeParse(value);
  if (read.success) return read.data;
  const where = read.error.issues[0]?.path.join('.') ?? '';
  throw refused(number, where === '' ? 'is not an event' : `is not an event: see "${printable(where)}"`);
}

/** Otherwise the text, as bytes, would be another one than the text that was checked. */
function isBytes(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0xff) return false;
  return true;
}

function tooLong(number: number): VeritySignError {
  return refused(number, `has more than ${MAX_LINE} bytes`);
}

function refused(number: number, what: string, cause?: unknown): VeritySignError {
  return new VeritySignError('unchecked', `line ${number} of the virtual machine's report ${what}`, {
    remedy: 'Report this with the image: the guest of preflight wrote something else than its report',
    cause,
  });
}
