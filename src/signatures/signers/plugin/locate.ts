import { constants } from 'node:fs';
import { access, lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { VeritySignError } from '../../../errors.ts';
import { configFolder } from '../../../lib/process/environment.ts';

/**
 * The folder in which notation keeps its plugins. [notation-go dir/path.go; NOTATION_LIBEXEC and NOTATION_CONFIG as
 * the notation CLI reads them]
 */
export function pluginsFolder(env: NodeJS.ProcessEnv): string {
  const own = set(env.NOTATION_LIBEXEC) ?? set(env.NOTATION_CONFIG);
  if (own !== undefined) return join(own, 'plugins');
  return join(configFolder(env), 'notation/plugins');
}

/**
 * The executable of an installed plugin. As the specification asks, it must be a regular file: with a
 * symbolic link, what runs is not what was installed. [plugin-extensibility.md, Plugin installation path]
 * @throws VeritySignError 'key'
 */
export async function locatePlugin(name: string, env: NodeJS.ProcessEnv): Promise<string> {
  const path = join(pluginsFolder(env), name, `notation-${name}`);
  const found = await lstat(path).catch((cause: NodeJS.ErrnoException) => {
    throw notFound(name, path, cause);
  });
  if (!found.isFile()) {
    const what = found.isSymbolicLink() ? 'a symbolic link' : 'not a regular file';
    throw new VeritySignError('key', `the notation plugin ${name} is ${what}: ${path}`, {
      remedy: 'Put the executable itself there: notation plugin install does so',
    });
  }
  try {
    await access(path, constants.X_OK);
  } catch (cause) {
    throw new VeritySignError('key', `the notation plugin ${name} is not executable: ${path}`, {
      remedy: `Run chmod +x on it, and check that the file system is not mounted noexec`,
      cause,
    });
  }
  return path;
}

function notFound(name: string, path: string, cause: NodeJS.ErrnoException): VeritySignError {
  if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') {
    return new VeritySignError('key', `the notation plugin ${name} is not installed: there is no ${path}`, {
      remedy: 'Install it with notation plugin install, as this user, or set NOTATION_LIBEXEC',
      cause,
    });
  }
  return new VeritySignError('key', `the notation plugin ${name} cannot be used: ${path} (${cause.code})`, {
    remedy: 'Check the permissions of that folder',
    cause,
  });
}

function set(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
