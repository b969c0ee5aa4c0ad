import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

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

/** Name, version, licence text and notice of each bundled package. Error: a package has no licence text. */
export async function licences(root: string, metafile: Metafile): Promise<string> {
  const folders = [...new Set(packageFolders(metafile))].sort();
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
  // Many packages have the same text: it is printed once, below all their names.
  const titles = new Map<string, string[]>();
  for (const { about, text, notice } of found) {
    // Packages of one repository or author share a licence; some leave the file out.
    const shared = found.find((other) => other.text !== undefined && sameOrigin(other.about, about))?.text;
    const licence = text ?? shared;
    if (licence === undefined) throw new Error(`${about.name} has no licence text`);
    // The Apache licence requires the notice.
    const whole = [licence.trim(), ...(notice === undefined ? [] : [notice.trim()])].join('\n\n');
    const title = `${about.name} ${about.version} (${about.license ?? 'see below'})`;
    titles.set(whole, [...(titles.get(whole) ?? []), title]);
  }
  const sections = [...titles].map(([text, names]) => `${names.join('\n')}\n\n${text}\n`);
  return `Third-party software in these bundles.\n\n${sections.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

/** The licence section of a README: some packages have no other licence text. */
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
