import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BundledPackage, PackageAbout } from './bundled-packages.ts';

/** Name, version, licence text and notice of each bundled package. Error: a package has no licence text. */
export async function licences(root: string, packages: readonly BundledPackage[]): Promise<string> {
  const found = await Promise.all(
    packages.map(async ({ folder, about }) => {
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

function sameOrigin(a: PackageAbout, b: PackageAbout): boolean {
  const url = ({ repository }: PackageAbout) =>
    typeof repository === 'string' ? repository : repository?.url;
  const author = ({ author: by }: PackageAbout) => (typeof by === 'string' ? by : by?.name);
  const same = (of: (one: PackageAbout) => string | undefined): boolean =>
    of(a) !== undefined && of(a) === of(b);
  return a.license === b.license && (same(url) || same(author));
}
