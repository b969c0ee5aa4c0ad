import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join, relative } from 'node:path';

/** The files, folders and links below a path, or the file itself, by name: kind, permissions and content. */
export function fileContents(path: string): Record<string, string> {
  const found: Record<string, string> = {};
  const visit = (at: string): void => {
    const stats = lstatSync(at);
    const mode = (stats.mode & 0o7777).toString(8);
    const name = relative(path, at);
    if (stats.isDirectory()) {
      found[`${name}/`] = mode;
      for (const entry of readdirSync(at)) visit(join(at, entry));
    } else if (stats.isSymbolicLink()) found[name] = `to ${readlinkSync(at)}`;
    else found[name] = `${mode} ${createHash('sha256').update(readFileSync(at)).digest('hex')}`;
  };
  visit(path);
  return found;
}
