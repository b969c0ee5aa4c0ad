/**
 * The grammar of IPE policies as the kernel reads it: lines end with LF or CR, `#` begins a comment anywhere, words
 * are separated by spaces and tabs, case matters. [Linux security/ipe/policy_parser.c, digest.c]
 */
import { FormatError } from '../format-error.ts';
import { type Action, type IpePolicy, type IpeRule, OPERATIONS, type Operation } from './policy.ts';
import { parsePolicyVersion } from './version.ts';

/** More than a signed policy can have. */
const MOST_BYTES = 1024 * 1024;

/** Digits of a digest by the kernel's name of the algorithm. Others are accepted with any even number. */
const DIGITS: Readonly<Record<string, number>> = { sha1: 40, sha256: 64, sha384: 96, sha512: 128 };
const FLAGS = ['boot_verified', 'dmverity_signature', 'fsverity_signature'];
const DIGESTS = ['dmverity_roothash', 'fsverity_digest'];

/**
 * Reads a policy. It refuses what the kernel refuses, and a digest that has not the length of its algorithm: the
 * kernel accepts that, but it never matches.
 * @throws FormatError with the line
 */
export function parsePolicy(bytes: Uint8Array): IpePolicy {
  if (bytes.length > MOST_BYTES) throw new FormatError(`has ${bytes.length} bytes`);
  if (bytes.includes(0)) throw new FormatError('contains a zero byte');
  const lines = Buffer.from(bytes)
    .toString('latin1')
    .split(/[\n\r]/);
  const contents = lines
    .map((text, index) => ({ line: index + 1, words: wordsOf(text) }))
    .filter(({ words }) => words.length > 0);
  const [header, ...others] = contents;
  if (header === undefined) throw new FormatError('is empty');
  const reader = new Reader();
  const { name, version } = at(header.line, () => readHeader(header.words));
  for (const { line, words } of others) at(line, () => reader.add(line, words));
  return { name, version, ...reader.end() };
}

/**
 * White space at the end of a line counts for the kernel in more forms than between words: those of `isspace()`, of
 * which `trimEnd()` has the same in latin1. A pattern such as `\s+$` takes a minute for a MiB of blanks.
 */
function wordsOf(text: string): string[] {
  return text
    .replace(/#.*$/s, '')
    .trimEnd()
    .split(/[ \t]+/)
    .filter((word) => word !== '');
}

function at<T>(line: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new FormatError(`${error.message} (line ${line})`, { cause: error });
  }
}

function readHeader(words: readonly string[]): Pick<IpePolicy, 'name' | 'version'> {
  const [name, version] = ['policy_name=', 'policy_version='].map((key, index) => {
    const word = words[index] ?? '';
    return word.startsWith(key) ? word.slice(key.length) : '';
  });
  if (!name || !version || words.length !== 2) {
    throw new FormatError('does not begin with policy_name=NAME policy_version=X.Y.Z');
  }
  return { name, version: parsePolicyVersion(version) };
}

/** What lines below the header add up to. */
class Reader {
  #globalDefault: Action | undefined;
  readonly #defaults = new Map<Operation, Action>();
  readonly #rules: IpeRule[] = [];

  add(line: number, words: readonly string[]): void {
    const isDefault = words[0] === 'DEFAULT';
    const [first, ...properties] = words.slice(isDefault ? 1 : 0, -1);
    const operation = first === undefined ? undefined : readOperation(first);
    const action = readAction(words.at(-1) ?? '');
    if (isDefault) {
      if (properties.length > 0) throw new FormatError('has a property in a DEFAULT');
      this.#setDefault(operation, action);
    } else {
      if (operation === undefined) throw new FormatError('has a rule without op=');
      this.#rules.push({ line, operation, properties: properties.map(readProperty), action });
    }
  }

  #setDefault(operation: Operation | undefined, action: Action): void {
    const known = operation === undefined ? this.#globalDefault : this.#defaults.get(operation);
    const name = operation === undefined ? 'DEFAULT' : `DEFAULT op=${operation}`;
    if (known !== undefined) throw new FormatError(`has ${name} twice`);
    if (operation === undefined) this.#globalDefault = action;
    else this.#defaults.set(operation, action);
  }

  end(): Omit<IpePolicy, 'name' | 'version'> {
    const missing = OPERATIONS.find((operation) => !this.#defaults.has(operation));
    if (this.#globalDefault === undefined && missing !== undefined) {
      throw new FormatError(`has neither a DEFAULT nor a DEFAULT op=${missing}`);
    }
    return { globalDefault: this.#globalDefault, defaults: this.#defaults, rules: this.#rules };
  }
}

function readOperation(word: string): Operation {
  const operation = OPERATIONS.find((one) => word === `op=${one}`);
  if (operation !== undefined) return operation;
  throw new FormatError(`has ${quote(word)} where an operation belongs, such as op=EXECUTE`);
}

function readAction(word: string): Action {
  if (word === 'action=ALLOW') return 'ALLOW';
  if (word === 'action=DENY') return 'DENY';
  throw new FormatError(`has ${quote(word)} at the end of a line, not action=ALLOW or action=DENY`);
}

/** The property with its digest in lowercase. */
function readProperty(word: string): string {
  const [, name = '', value = ''] = /^([a-z_]+)=(.*)$/s.exec(word) ?? [];
  if (FLAGS.includes(name)) {
    if (value === 'TRUE' || value === 'FALSE') return word;
    throw new FormatError(`has ${quote(word)}; the value is TRUE or FALSE`);
  }
  if (!DIGESTS.includes(name)) throw new FormatError(`has the unknown property ${quote(word)}`);
  const [, algorithm = '', digits = ''] = /^([^:]+):([0-9A-Fa-f]*)$/.exec(value) ?? [];
  const expected = DIGITS[algorithm];
  if (digits === '' || digits.length % 2 === 1 || (expected ?? digits.length) !== digits.length) {
    throw new FormatError(`has ${quote(word)}; a digest is written as sha256: and 64 hexadecimal digits`);
  }
  return `${name}=${algorithm}:${digits.toLowerCase()}`;
}

function quote(word: string): string {
  return JSON.stringify(word.slice(0, 200));
}
