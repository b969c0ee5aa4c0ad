/** Memory for one text at a time: large attributes would otherwise leave garbage faster than it is freed. */
let reused = Buffer.alloc(0);

/** Memory of at least `size` bytes with any content, until this or {@link joined} is called again. */
export function scratch(size: number): Buffer {
  if (size > reused.length) reused = Buffer.allocUnsafeSlow(Math.max(size, 2 * reused.length));
  return reused;
}

/** The parts, in latin1, as one text that keeps nothing else in memory: V8 would keep each text that a part is of. */
export function joined(...parts: readonly string[]): string {
  const into = scratch(parts.reduce((sum, { length }) => sum + length, 0));
  let size = 0;
  for (const part of parts) size += into.write(part, size, 'latin1');
  return into.toString('latin1', 0, size);
}
