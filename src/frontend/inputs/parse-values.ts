import { VeritySignError } from '../../errors.ts';
import { NOTARY_PREFIX } from '../../model/annotations.ts';
import { CLASSES_IN_WORDS, isKnownClass } from '../../model/profiles.ts';

/** Parsers of what users write. `label` names the value in messages, such as `option --timeout`. */

function wrong(label: string, text: string, expected: string): VeritySignError {
  return new VeritySignError('usage', `${label}: "${text}" is not ${expected}`, {
    remedy: `Use ${expected}`,
  });
}

/** Items between commas and line ends, without empty and repeated ones. */
export function parseList(text: string | undefined): string[] {
  return [...new Set(parseLines(text).flatMap((line) => line.split(',').map((item) => item.trim())))].filter(
    (item) => item !== '',
  );
}

/** Trimmed lines that are not empty. For values that may contain commas. */
export function parseLines(text: string | undefined): string[] {
  return (text ?? '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** The booleans of YAML 1.2, as the Actions toolkit accepts them. */
export function parseFlag(text: string, label: string): boolean {
  if (/^(true|True|TRUE)$/.test(text)) return true;
  if (/^(false|False|FALSE)$/.test(text)) return false;
  throw wrong(label, text, 'true or false');
}

export function parseChoice<T extends string>(text: string, choices: readonly T[], label: string): T {
  const found = choices.find((choice) => choice === text);
  if (found === undefined) throw wrong(label, text, `one of ${choices.join(', ')}`);
  return found;
}

/** A whole number from `min` to `max`. */
export function parseCount(text: string, min: number, max: number, label: string): number {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(count >= min && count <= max)) throw wrong(label, text, `a whole number from ${min} to ${max}`);
  return count;
}

const MILLISECONDS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;
/** Milliseconds: setTimeout takes a signed 32-bit number. */
const LONGEST_DURATION = 2 ** 31 - 1;

/** `500ms`, `90s`, `5m`, `1.5h`; a bare number counts seconds. Returns milliseconds. */
export function parseDuration(text: string, label: string): number {
  const match = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)?$/.exec(text);
  const unit = (match?.[2] ?? 's') as keyof typeof MILLISECONDS;
  const value = Math.round(Number(match?.[1] ?? Number.NaN) * MILLISECONDS[unit]);
  if (!(value >= 1 && value <= LONGEST_DURATION)) {
    throw wrong(label, text, 'a time such as 90s, 5m or 1h');
  }
  return value;
}

const LIFETIME = /^(?:\d{1,9}[smhd])+$/;
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
/** Seconds: longer than any certificate is valid. */
const LONGEST_LIFETIME = 100 * 365 * 86_400;

/** `24h`, `90d`, `1h30m`: whole seconds with units, as in notation. Returns milliseconds. */
export function parseLifetime(text: string, label: string): number {
  const parts = LIFETIME.test(text) ? [...text.matchAll(/(\d+)([smhd])/g)] : [];
  const seconds = parts.reduce((sum, [, count, unit]) => sum + Number(count) * (SECONDS[unit ?? ''] ?? 0), 0);
  if (!(seconds >= 1 && seconds <= LONGEST_LIFETIME)) throw wrong(label, text, 'a time such as 24h or 90d');
  return seconds * 1000;
}

/** An http or https URL without credentials. Returns the text unchanged. */
export function parseUrl(text: string, label: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw wrong(label, text, 'an http or https URL');
  }
  // The message does not repeat the text: it contains a password.
  if (url.username !== '' || url.password !== '') {
    throw new VeritySignError('usage', `${label} contains a user name or password`, {
      remedy: 'Remove them from the URL',
    });
  }
  return text;
}

const BYTES: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/** `4GiB`, `500MB`, or bytes without a unit. Returns bytes. */
export function parseSize(text: string, label: string): number {
  const match = /^(\d{1,16}(?:\.\d{1,3})?) ?([a-z]{0,3})$/i.exec(text);
  const unit = BYTES[(match?.[2] ?? '').toLowerCase()];
  const value = unit === undefined ? Number.NaN : Math.round(Number(match?.[1] ?? Number.NaN) * unit);
  if (!(value >= 1 && value <= Number.MAX_SAFE_INTEGER)) {
    throw wrong(label, text, 'a size such as 500MiB or 4GiB');
  }
  return value;
}

/** `os/architecture` or `os/architecture/variant`; the system may have features, as in `linux(+erofs)/amd64`. */
export function parsePlatform(text: string, label: string): string {
  if (!/^[a-z0-9]+(\((\+[a-z0-9_.-]+)+\))?\/[a-z0-9_]+(\/[a-z0-9.]+)?$/.test(text)) {
    throw wrong(label, text, 'a platform such as linux/amd64 or linux/arm/v7');
  }
  return text;
}

/** A version of erofs-utils, a class of versions, or `any`; not `all`, since it is about one mkfs.erofs. */
export function parseErofsVersion(text: string, label: string): string {
  if (!isKnownClass(text) && !/^(any|\d+\.\d+(\.\d+)?)$/.test(text)) {
    throw wrong(label, text, `a version such as 1.9.4, a class (${CLASSES_IN_WORDS}), or any`);
  }
  return text;
}

const ONE_PAIR_PER_LINE = 'Write one KEY=VALUE per line, or repeat the option';

/** `KEY=VALUE` lines. The keys of the dm-verity proposal are reserved. */
export function parseAnnotations(text: string | undefined, label: string): Record<string, string> {
  const annotations: Record<string, string> = {};
  for (const line of parseLines(text)) {
    const match = /^([^=\s]+)\s*=\s*(.*)$/.exec(line);
    const [, key, value] = match ?? [];
    if (key === undefined || value === undefined) {
      throw new VeritySignError('usage', `${label}: "${line}" is not of the form KEY=VALUE`, {
        remedy: ONE_PAIR_PER_LINE,
      });
    }
    if (key.startsWith(NOTARY_PREFIX)) {
      throw new VeritySignError('usage', `${label}: the key ${key} is reserved for the signature format`, {
        remedy: 'Use a key with a prefix of your own',
      });
    }
    annotations[key] = value;
  }
  return annotations;
}

/** `KEY=VALUE` lines. A value may be a secret, so messages name only the number of the entry. */
export function parsePairs(text: string | undefined, label: string): Record<string, string> {
  const pairs: Record<string, string> = Object.create(null);
  for (const [index, line] of parseLines(text).entries()) {
    const end = line.indexOf('=');
    const key = line.slice(0, Math.max(0, end)).trim();
    if (key === '' || /\s/.test(key)) {
      throw new VeritySignError('usage', `${label}: entry ${index + 1} is not of the form KEY=VALUE`, {
        remedy: ONE_PAIR_PER_LINE,
      });
    }
    pairs[key] = line.slice(end + 1).trim();
  }
  return pairs;
}

/** A point in time with date, time and offset. [RFC 3339] */
export function parseTime(text: string, label: string): Date {
  const form = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;
  const time = new Date(form.test(text) ? text.toUpperCase() : Number.NaN);
  if (Number.isNaN(time.getTime())) throw wrong(label, text, 'a time such as 2026-01-31T12:00:00Z');
  return time;
}
