import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { VeritySignError } from '../../../../errors.ts';
import { readRegular } from '../../../../lib/read-regular.ts';
import { GUEST_KINDS, type GuestArchitecture } from '../../../../model/guest-architecture.ts';
import { fetchGuest, type ReleasedGuests } from './fetch-guest.ts';
import { PINNED_GUESTS } from './pinned.ts';

/** Bytes: more than any of these has. They bound what is read before a checksum can be compared. */
const MAX_MANIFEST = 1024 * 1024;
const MAX_FILE = 128 * 1024 * 1024;
const MAX_CERTIFICATES = 1024 * 1024;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const file = z.object({ sha256, size: z.number().int().positive().max(MAX_FILE) });
const symbol = (size: z.ZodType<number>) => z.object({ offset: z.number().int().nonnegative(), size });

const manifestSchema = z
  .object({
    version: z.literal(1),
    architecture: z.enum(['x64', 'arm64']),
    kernel: z.object({ release: z.string().max(256) }),
    files: z.object({ 'vmlinux.zst': file, 'initramfs.cpio.zst': file }),
    /** Of the decompressed kernel; offsets and sizes of its symbols in bytes of the file. */
    vmlinux: file.extend({
      symbols: z.object({
        system_extra_cert: symbol(z.number().int().positive().max(MAX_CERTIFICATES)),
        system_extra_cert_used: symbol(z.literal(4)),
        system_certificate_list_size: symbol(z.literal(8)),
      }),
    }),
    /** What it was built from. */
    inputs: z.array(z.object({ name: z.string(), version: z.string(), sha256: z.string() })),
  })
  .refine(
    ({ vmlinux: { size, symbols } }) =>
      Object.values(symbols).every((place) => place.offset + place.size <= size),
    { message: 'a symbol lies outside the kernel', path: ['vmlinux', 'symbols'] },
  );
export type GuestManifest = z.infer<typeof manifestSchema>;

export interface GuestFiles {
  /** Path of the compressed kernel. Its bytes are compared with the manifest when they are read. */
  kernel: string;
  /** Path of the compressed initramfs, as `kernel`. */
  initramfs: string;
  manifest: GuestManifest;
}

export interface GuestPlaces {
  architecture: GuestArchitecture;
  /** `guest-dir`, as the user typed it. */
  guestDir?: string | undefined;
  /** Where released files go: a new folder. Without it none are fetched. */
  download?: { folder: string; signal: AbortSignal };
  /** A folder of this program, from which the checkout is found, and its release; for tests. */
  programFolder?: string;
  pinned?: ReleasedGuests;
}

const MANIFEST = 'manifest.json';
const BUILD = 'npm run preflight:build';

/**
 * The kernel and initramfs of preflight: those in `guestDir`, else those that were built in this checkout, else
 * those of this version's release.
 * @throws VeritySignError 'usage' if `guestDir` has none or those of another architecture, 'environment' if there are
 *   none anywhere, or they are of another version
 */
export async function findGuestFiles(places: GuestPlaces): Promise<GuestFiles> {
  const { architecture, guestDir, download } = places;
  const { programFolder = import.meta.dirname, pinned = PINNED_GUESTS } = places;
  if (guestDir !== undefined) {
    if (!existsSync(join(guestDir, MANIFEST))) {
      throw new VeritySignError('usage', `guest-dir: ${guestDir} has no ${MANIFEST}`, {
        remedy: `Give the folder with ${MANIFEST}, vmlinux.zst and initramfs.cpio.zst that ${BUILD} made`,
      });
    }
    return readGuestFiles(guestDir, architecture);
  }
  const checkout = checkoutOf(programFolder);
  const built = checkout === undefined ? undefined : join(checkout, '.preflight', architecture);
  if (built !== undefined && existsSync(join(built, MANIFEST))) return readGuestFiles(built, architecture);
  const released = pinned[architecture];
  if (released !== undefined && download !== undefined) {
    await fetchGuest(released, download.folder, download.signal);
    return readGuestFiles(download.folder, architecture);
  }
  const what = `preflight's kernel and initramfs for ${GUEST_KINDS[architecture].platform} are not on this machine`;
  throw new VeritySignError('environment', what, {
    remedy: `Build them in a checkout of verity-sign with ${BUILD} -- --architecture ${architecture}, and give their folder as guest-dir`,
  });
}

async function readGuestFiles(folder: string, architecture: GuestArchitecture): Promise<GuestFiles> {
  const path = join(folder, MANIFEST);
  let text: string;
  try {
    text = (await readRegular(path, MAX_MANIFEST)).toString();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new VeritySignError('environment', `${path} cannot be read (${code})`, {
      remedy: 'Check its permissions',
      cause,
    });
  }
  const manifest = manifestSchema.safeParse(parseJson(text));
  if (!manifest.success) {
    const [issue] = manifest.error.issues;
    const where = issue === undefined || issue.path.length === 0 ? '' : ` (see "${issue.path.join('.')}")`;
    throw new VeritySignError('environment', `${path} is not a manifest that this version knows${where}`, {
      remedy: `Make the files again with ${BUILD} of the same version of verity-sign`,
    });
  }
  const found = manifest.data.architecture;
  if (found !== architecture) {
    const [theirs, wanted] = [GUEST_KINDS[found].platform, GUEST_KINDS[architecture].platform];
    throw new VeritySignError(
      'usage',
      `${folder} has the kernel for ${theirs}, and the image is of ${wanted}`,
      {
        remedy: `Give the folder of the files for ${architecture} as guest-dir, or test an image of ${theirs}`,
      },
    );
  }
  return {
    kernel: join(folder, 'vmlinux.zst'),
    initramfs: join(folder, 'initramfs.cpio.zst'),
    manifest: manifest.data,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The folder of this program's package.json: in a checkout, source and bundle lie below it. */
function checkoutOf(folder: string): string | undefined {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const above = dirname(folder);
  return above === folder ? undefined : checkoutOf(above);
}
