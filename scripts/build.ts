/**
 * `npm run build`: one bundle per entry, the hash worker beside them, and the licences of what is in
 * them, all in dist/. `npm run check:dist`: builds elsewhere and compares.
 */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { COMMON } from './bundle-options.ts';

const root = dirname(import.meta.dirname);
const dist = join(root, 'dist');

/**
 * What entries share, and what is imported only where it is used, goes into chunks: an entry loads
 * what its run needs, and the check of Node's version runs before anything that needs a newer one.
 */
const BUNDLE = {
  ...COMMON,
  entryPoints: {
    cli: 'src/entry/cli.ts',
    'sign-action': 'src/entry/sign-action.ts',
    'verify-action': 'src/entry/verify-action.ts',
    'layer-worker': 'src/convert/worker/layer-worker.ts',
  },
} as const satisfies BuildOptions;

async function buildInto(outdir: string): Promise<void> {
  const { metafile } = await build({ ...BUNDLE, outdir, metafile: true });
  const packages = new Set(packageFolders(metafile));
  await writeFile(join(outdir, 'licenses.txt'), await licences([...packages].sort()));
}

/** Folders of the packages that have code in the bundles. */
function packageFolders({ outputs }: Metafile): string[] {
  return Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .flatMap(([path]) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []),
  );
}

interface Package {
  name: string;
  version: string;
  license?: string;
  repository?: string | { url?: string };
  author?: string | { name?: string };
}

/** Name, version, licence text and notice of each package. A package without a text fails the build. */
async function licences(folders: readonly string[]): Promise<string> {
  const found = await Promise.all(
    folders.map(async (folder) => {
      const about = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8')) as Package;
      const names = (await readdir(join(root, folder))).sort();
      const read = async (pattern: RegExp): Promise<string | undefined> => {
        const file = names.find((name) => pattern.test(name));
        return file === undefined ? undefined : readFile(join(root, folder, file), 'utf8');
      };
      const text = (await read(/^licen[cs]e(\.|$)/i)) ?? licenceSection(await read(/^readme(\.|$)/i));
      return { about, text, notice: await read(/^notice(\.|$)/i) };
    }),
  );
  // Many packages have the same text: it is there once, below all their names.
  const titles = new Map<string, string[]>();
  for (const { about, text, notice } of found) {
    // Packages of one repository or author share a licence; some leave the file out.
    const shared = found.find((other) => other.text !== undefined && sameOrigin(other.about, about))?.text;
    const licence = text ?? shared;
    if (licence === undefined) throw new Error(`${about.name} has no licence text`);
    // The Apache licence asks for the notice.
    const whole = [licence.trim(), ...(notice === undefined ? [] : [notice.trim()])].join('\n\n');
    const title = `${about.name} ${about.version} (${about.license ?? 'see below'})`;
    titles.set(whole, [...(titles.get(whole) ?? []), title]);
  }
  const sections = [...titles].map(([text, names]) => `${names.join('\n')}\n\n${text}\n`);
  return `Third-party software in these bundles.\n\n${sections.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

/** Some packages have their licence in the README alone: what follows that heading, in full. */
function licenceSection(readme: string | undefined): string | undefined {
  const section = /^(?:#+ *licen[cs]e\b.*|licen[cs]e\n-+)\n([\s\S]*?)(?=^#|^\[\w+\]: |$(?![\s\S]))/im.exec(
    readme ?? '',
  )?.[1];
  return section?.includes('Permission is hereby granted') ? section : undefined;
}

function sameOrigin(a: Package, b: Package): boolean {
  const url = ({ repository }: Package) => (typeof repository === 'string' ? repository : repository?.url);
  const author = ({ author: by }: Package) => (typeof by === 'string' ? by : by?.name);
  const same = (of: (one: Package) => string | undefined): boolean => of(a) !== undefined && of(a) === of(b);
  return a.license === b.license && (same(url) || same(author));
}

/** File names that differ between two folders. */
async function differences(a: string, b: string): Promise<string[]> {
  const filesIn = (folder: string): Promise<string[]> => readdir(folder, { recursive: true });
  const names = new Set([...(await filesIn(a)), ...(await filesIn(b).catch(() => []))]);
  const different: string[] = [];
  for (const name of [...names].sort()) {
    const [left, right] = await Promise.all([a, b].map((folder) => contentOf(join(folder, name))));
    if (left === undefined || right === undefined || !left.equals(right)) different.push(name);
  }
  return different;
}

/** Undefined for what is not there; empty for a folder. */
async function contentOf(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch((error: NodeJS.ErrnoException) =>
    error.code === 'EISDIR' ? Buffer.alloc(0) : undefined,
  );
}

if (process.argv.includes('--check')) {
  const fresh = await mkdtemp(join(tmpdir(), 'verity-sign-dist-'));
  try {
    await buildInto(fresh);
    const stale = await differences(fresh, dist);
    if (stale.length > 0) {
      console.error(
        `dist/ is not what the sources build: ${stale.join(', ')}. Run npm run build and commit.`,
      );
      process.exitCode = 1;
    } else {
      console.log('dist/ equals a fresh build.');
    }
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
} else {
  await rm(dist, { recursive: true, force: true });
  await buildInto(dist);
}
