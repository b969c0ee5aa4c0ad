import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { VeritySignError } from '../../../../errors.ts';
import { HttpClient, statusError } from '../../../../lib/http/client.ts';
import { HttpError } from '../../../../lib/http/errors.ts';
import type { GuestArchitecture } from '../../../../model/guest-architecture.ts';

/** Assets of a release. */
export interface ReleasedGuest {
  /** Of the assets, up to the name of the file. */
  url: string;
  files: Readonly<Record<GuestFileName, { sha256: string; size: number }>>;
}

/** Of each architecture that a version was released with. */
export type ReleasedGuests = Readonly<Partial<Record<GuestArchitecture, ReleasedGuest>>>;

export type GuestFileName = 'manifest.json' | 'vmlinux.zst' | 'initramfs.cpio.zst';

/** Milliseconds for one file of some megabytes. */
const TIMEOUT = 5 * 60_000;
/** GitHub sends on to the storage of its assets. */
const REDIRECTS = { limit: 3, protocols: ['https:'] } as const;

/**
 * Fetches the guest files of a release into a new folder, each by its pinned checksum.
 * @throws VeritySignError 'environment' if they cannot be fetched or are others, 'cancelled'
 */
export async function fetchGuest(guest: ReleasedGuest, folder: string, signal: AbortSignal): Promise<void> {
  await mkdir(folder, { mode: 0o700 });
  for (const [name, { sha256, size }] of Object.entries(guest.files)) {
    const url = new URL(guest.url + name);
    const body = await fetchFile(url, size, signal);
    if (body.length !== size || createHash('sha256').update(body).digest('hex') !== sha256) {
      throw new VeritySignError(
        'environment',
        `${url.href} is not the file that this version was released with`,
        {
          remedy: 'Find out who changed it, and give the files of a build of your own as guest-dir',
        },
      );
    }
    await writeFile(join(folder, name), body, { flag: 'wx', mode: 0o600 });
  }
}

async function fetchFile(url: URL, size: number, signal: AbortSignal): Promise<Buffer> {
  try {
    const request = { timeout: TIMEOUT, signal, redirects: REDIRECTS, maxBytes: size };
    const response = await new HttpClient().send(url, request);
    if (response.status !== 200) throw statusError(response);
    return response.body;
  } catch (cause) {
    if (signal.aborted) throw new VeritySignError('cancelled', 'the run was cancelled', { cause });
    if (!(cause instanceof HttpError)) throw cause;
    throw new VeritySignError('environment', `${url.origin}${url.pathname} ${cause.message}`, {
      remedy:
        cause.remedy ??
        'Check the network, or fetch the files another way and give their folder as guest-dir',
      cause,
    });
  }
}
