/** `1 layer`, `2 layers`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** `0.4 s`, `75 s`. */
export function formatSeconds(seconds: number): string {
  return `${seconds.toFixed(seconds < 9.95 ? 1 : 0)} s`;
}

/** `sha256:0123456789ab…`: enough to distinguish digests. Other parts of the output show them in full. */
export function shortDigest(digest: string): string {
  const match = /^([a-z0-9]+:)?([0-9a-f]{12})[0-9a-f]+$/.exec(digest);
  return match === null ? digest : `${match[1] ?? ''}${match[2]}…`;
}

/** The text with each digest in it, with or without its algorithm, as {@link shortDigest} shows it. */
export function shortDigests(text: string): string {
  return text.replaceAll(/(?<![0-9a-z])((?:[a-z0-9]+:)?)([0-9a-f]{12})[0-9a-f]{52,}(?![0-9a-z])/g, '$1$2…');
}

/** Names a manifest that has no platform: `index` or `image`. */
export function manifestKind(mediaType: string): string {
  return /\.(index|manifest\.list)\./.test(mediaType) ? 'index' : 'image';
}
