import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { downloadTool } from '@actions/tool-cache';
import { VeritySignError } from '../../errors.ts';
import { fixedEnvironment } from '../environment.ts';
import { run } from '../runner.ts';
import type { InstallContext } from './context.ts';

/**
 * Downloads an archive, refuses it unless its SHA-256 is the expected one, unpacks it and hands the
 * folder to `use`. Nothing of it is left afterwards.
 */
export async function withArchive<T>(
  url: string,
  sha256: string,
  { log, signal }: InstallContext,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const scratch = await mkdtemp(join(process.env.RUNNER_TEMP || tmpdir(), 'verity-sign-install-'));
  try {
    log.info(`Downloading ${url}`);
    const archive = await downloadTool(url, join(scratch, 'archive.tar.gz')).catch((cause: unknown) => {
      throw new VeritySignError('environment', `${url} could not be downloaded (${messageOf(cause)})`, {
        remedy: 'Check that the runner reaches it, or install the tool beforehand and set install to false',
        cause,
      });
    });
    signal.throwIfAborted();
    const found = await sha256Of(archive);
    if (found !== sha256) {
      throw new VeritySignError('environment', `${url} has SHA-256 ${found}, not ${sha256}`, {
        remedy: 'Do not use it: the download was damaged or replaced',
      });
    }
    const folder = join(scratch, 'unpacked');
    await mkdir(folder);
    await run(['tar', '--extract', '--gzip', '--no-same-owner', '--file', archive, '--directory', folder], {
      env: fixedEnvironment(),
      signal,
    });
    return await use(folder);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
