/** package.json has no dependencies. Everything that read them reads what esbuild bundled. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, matchesGlob } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { type BundledPackage, bundledPackages } from '../../scripts/build/bundled-packages.ts';
import { bundle } from '../../scripts/build/bundles.ts';
import { spdxDocument } from '../../scripts/build/sbom.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const about = JSON.parse(read('package.json')) as Record<string, Record<string, string> | undefined>;
let packages: BundledPackage[];
/** Names of the packages that sources import, as far as code of them is bundled. */
let imported: string[];

beforeAll(async () => {
  const { metafile } = await bundle(join(root, 'dist'));
  packages = await bundledPackages(root, metafile);
  const paths = Object.entries(metafile.inputs)
    .filter(([path]) => path.startsWith('src/'))
    .flatMap(([, { imports }]) => imports.map(({ path }) => path));
  const names = paths.flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
  imported = [...new Set(names)].sort();
});

test('whoever installs the package gets no other package', () => {
  for (const kind of ['dependencies', 'optionalDependencies', 'peerDependencies', 'bundleDependencies']) {
    expect({ kind, has: about[kind] }).toEqual({ kind, has: undefined });
  }
});

test('what sources import is bundled, is meant to be, and is installed for the build', () => {
  const { forbidden } = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs')) as {
    forbidden: { name: string; to: { pathNot?: string } }[];
  };
  const rule = forbidden.find(({ name }) => name === 'bundled-packages')?.to.pathNot ?? '';
  expect(/\((.*)\)/.exec(rule)?.[1]?.split('|')).toEqual(imported);
  expect(imported.filter((name) => about.devDependencies?.[name] === undefined)).toEqual([]);
  expect(imported.filter((name) => !packages.some((one) => one.about.name === name))).toEqual([]);
});

test('licenses.txt and the SBOM name each bundled package with its version', () => {
  const licences = read('dist/licenses.txt');
  const titles = packages.map(({ about: { name, version } }) => `\n${name} ${version} (`);
  expect(titles.length).toBeGreaterThan(50);
  expect(titles.filter((title) => !licences.includes(title))).toEqual([]);
  const { packages: lock } = JSON.parse(read('package-lock.json')) as { packages: Record<string, object> };
  const [self, ...listed] = spdxDocument(packages, lock, new Date()).packages;
  expect(self).toMatchObject({ name: 'verity-sign', licenseDeclared: about.license });
  expect(listed.map(({ name, versionInfo }) => `\n${name} ${versionInfo} (`)).toEqual(titles);
  expect(listed.filter((one) => !('checksums' in one) || one.licenseDeclared === 'NOASSERTION')).toEqual([]);
});

test('Dependabot updates bundled packages one by one, and the others together', () => {
  const { updates } = parse(read('.github/dependabot.yml')) as {
    updates: { 'package-ecosystem': string; groups?: Record<string, { 'exclude-patterns': string[] }> }[];
  };
  const npm = updates.find((one) => one['package-ecosystem'] === 'npm');
  const patterns = npm?.groups?.['build-and-tests']?.['exclude-patterns'] ?? [];
  const apart = Object.keys(about.devDependencies ?? {}).filter((name) =>
    patterns.some((pattern) => matchesGlob(name, pattern)),
  );
  expect(apart).toEqual(imported);
});
