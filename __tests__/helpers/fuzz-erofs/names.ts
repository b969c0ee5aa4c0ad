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

/** How far a tar may stray from what tools write. */
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

/** A path out of few names, whatever is there. */
export function randomPath(random: Random, mood: Mood): string {
  const parts = Array.from({ length: random.pick([1, 1, 2, 2, 2, 3, 3, 4, 6]) }, () =>
    component(random, mood),
  );
  let path = parts.join('/');
  if (random.once(8)) path = `./${path}`;
  if (random.once(20)) path = random.pick(['/', './', '//', '.', '', `/${path}`, `${path}//`]);
  return path;
}

/** What the tar has made so far, roughly: most entries should be ones that no builder refuses. */
export class Shape {
  readonly #directories = new Set(['']);
  readonly #others = new Set<string>();

  /** A place for an entry: somewhere new, or one that is taken. */
  path(random: Random, mood: Mood): string {
    if (mood !== 'sane' && random.once(40)) return randomPath(random, mood);
    const taken = [...this.#directories, ...this.#others].filter((path) => path !== '');
    if (random.once(5) && taken.length > 0) return taken[random.below(taken.length)] ?? 'a';
    const folders = [...this.#directories];
    const parts = [folders[random.below(folders.length)] ?? ''].filter((part) => part !== '');
    for (let depth = random.pick([1, 1, 1, 1, 2, 3]); depth > 0; depth--) {
      const name = component(random, mood);
      // A name in the middle is a folder, and at the root an opaque marker ends everything.
      const unfit = depth > 1 ? name.startsWith('.wh.') : name === '.wh..wh..opq' && parts.length === 0;
      parts.push(unfit && (mood === 'sane' || !random.once(30)) ? 'plain' : name);
    }
    const path = parts.join('/');
    return this.#goesThroughOther(path) && !(mood !== 'sane' && random.once(30))
      ? `new${random.below(5)}`
      : path;
  }

  /** The target of a hard link, which must be there. */
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
