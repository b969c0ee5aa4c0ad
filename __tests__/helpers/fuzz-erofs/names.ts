import type { Random } from './random.ts';

const PLAIN = ['a', 'b', 'c', 'd', 'e', 'bin', 'lib', 'x1', '-x', '+x', ' ', 'name with blank'] as const;
const ODD = [
  '.wh.a',
  '.wh.b',
  '.wh.c',
  '.wh..wh..opq',
  '.wh..wh.plnk',
  '.wh.',
  '.wh..',
  '.wh...',
  '..',
  '.',
  '',
  '\xff\xfe',
  'caf\xc3\xa9',
  '.hidden',
  '..twodots',
  'back\\slash',
  'line\nfeed',
] as const;

/** How far a tar may deviate from tars that tools write. */
export type Mood = 'sane' | 'wild' | 'broken';

function component(random: Random, mood: Mood): string {
  if (random.once(mood === 'sane' ? 12 : 5)) {
    const odd = random.pick(ODD);
    if (mood !== 'sane' || (odd !== '' && !/^\.\.?$|^\.wh\.\.?\.?$/.test(odd))) return odd;
  }
  if (random.once(25)) return random.pick(['n', 'long-']).repeat(random.between(10, 50)).slice(0, 255);
  if (mood !== 'sane' && random.once(120)) return 'L'.repeat(random.pick([254, 255, 256, 300]));
  return random.pick(PLAIN);
}

/** A path of few names, which may exist already. */
export function randomPath(random: Random, mood: Mood): string {
  const parts = Array.from({ length: random.pick([1, 1, 2, 2, 2, 3, 3, 4, 6]) }, () =>
    component(random, mood),
  );
  let path = parts.join('/');
  if (random.once(8)) path = `./${path}`;
  if (random.once(20)) path = random.pick(['/', './', '//', '.', '', `/${path}`, `${path}//`]);
  return path;
}

/** The approximate tree of a tar so far, so that builders accept most entries. */
export class Shape {
  readonly #directories = new Set(['']);
  readonly #others = new Set<string>();

  /** A path for an entry: a new one, or one that is taken. */
  path(random: Random, mood: Mood): string {
    if (mood !== 'sane' && random.once(40)) return randomPath(random, mood);
    const taken = [...this.#directories, ...this.#others].filter((path) => path !== '');
    if (random.once(5) && taken.length > 0) return taken[random.below(taken.length)] ?? 'a';
    const folders = [...this.#directories];
    const parts = [folders[random.below(folders.length)] ?? ''].filter((part) => part !== '');
    for (let depth = random.pick([1, 1, 1, 1, 2, 3]); depth > 0; depth--) {
      const name = component(random, mood);
      // A name in the middle is a folder. An opaque marker at the root ends the build.
      const unfit = depth > 1 ? name.startsWith('.wh.') : name === '.wh..wh..opq' && parts.length === 0;
      parts.push(unfit && (mood === 'sane' || !random.once(30)) ? 'plain' : name);
    }
    const path = parts.join('/');
    return this.#goesThroughOther(path) && !(mood !== 'sane' && random.once(30))
      ? `new${random.below(5)}`
      : path;
  }

  /** An existing path as the target of a hard link. */
  target(random: Random): string | undefined {
    const others = [...this.#others];
    return others[random.below(others.length || 1)];
  }

  add(path: string, typeflag: string): void {
    const clean = path
      .split('/')
      .filter((part) => part !== '' && part !== '.')
      .join('/');
    const name = clean.slice(clean.lastIndexOf('/') + 1);
    if (clean === '' || name === '.wh..wh..opq' || clean.split('/').includes('..')) return;
    const plain = name.startsWith('.wh.')
      ? clean.slice(0, clean.length - name.length) + name.slice(4)
      : clean;
    const parts = clean.split('/');
    for (let depth = 1; depth < parts.length; depth++) this.#directories.add(parts.slice(0, depth).join('/'));
    if (typeflag === '5' && plain === clean) {
      this.#others.delete(plain);
      this.#directories.add(plain);
      return;
    }
    for (const set of [this.#directories, this.#others]) {
      for (const below of set) if (below === plain || below.startsWith(`${plain}/`)) set.delete(below);
    }
    this.#others.add(plain);
  }

  #goesThroughOther(path: string): boolean {
    return [...this.#others].some((other) => path.startsWith(`${other}/`));
  }
}
