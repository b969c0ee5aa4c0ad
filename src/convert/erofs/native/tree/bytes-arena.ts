import { unsupported } from '../../../tar/refusals.ts';
import { MAX_NAME_BYTES } from './limits.ts';

/** Texts of so many bytes are copied in a loop, which is faster than a call of a built-in function. */
const SHORT = 48;
/** Bytes from which on the buffer grows more slowly. */
const LARGE = 4 * 1024 * 1024;

/** Concatenated latin1 texts, addressed by their start. */
export class BytesArena {
  #buffer = Buffer.allocUnsafeSlow(4096);
  #length = 0;

  /**
   * Returns the start of the text.
   * @throws VeritySignError 'environment' above {@link MAX_NAME_BYTES}
   */
  add(text: string): number {
    const start = this.#length;
    const end = start + text.length;
    if (end > MAX_NAME_BYTES)
      throw unsupported(`it has names and link targets of more than ${MAX_NAME_BYTES} bytes`);
    if (end > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.ceil(end * (end > LARGE ? 1.25 : 2)));
      this.#buffer.copy(larger, 0, 0, start);
      this.#buffer = larger;
    }
    const buffer = this.#buffer;
    if (text.length > SHORT) buffer.write(text, start, text.length, 'latin1');
    else for (let at = 0; at < text.length; at++) buffer[start + at] = text.charCodeAt(at);
    this.#length = end;
    return start;
  }

  text(start: number, length: number): string {
    return this.#buffer.toString('latin1', start, start + length);
  }

  equals(start: number, text: string): boolean {
    const buffer = this.#buffer;
    for (let at = 0; at < text.length; at++) if (buffer[start + at] !== text.charCodeAt(at)) return false;
    return true;
  }

  /** Compares two texts by their bytes: negative, 0 or positive, as a sort wants it. */
  compare(left: number, leftLength: number, right: number, rightLength: number): number {
    const buffer = this.#buffer;
    const common = Math.min(leftLength, rightLength);
    for (let at = 0; at < common; at++) {
      const difference = (buffer[left + at] as number) - (buffer[right + at] as number);
      if (difference !== 0) return difference;
    }
    return leftLength - rightLength;
  }

  copy(start: number, length: number, target: Buffer, at: number): void {
    const buffer = this.#buffer;
    if (length > SHORT) buffer.copy(target, at, start, start + length);
    else for (let byte = 0; byte < length; byte++) target[at + byte] = buffer[start + byte] as number;
  }
}
