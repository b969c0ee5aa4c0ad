import * as z from 'zod';
import { VeritySignError } from '../../errors.ts';
import { isDigest } from '../../formats/digest.ts';
import { parseMetadata } from '../../formats/metadata.ts';
import { readGivenSync } from '../../lib/read-given.ts';
import { parseReference, referenceName, refuseCredentials } from '../../oci/image/reference.ts';
import type { RawValues } from './catalog.ts';
import { parseLines, parseList } from './parse-values.ts';
import type { Dialect } from './values.ts';

/** The trimmed lines of a list. Empty lines, and those that start with `#`, do not count. */
export function listedImages(text: string | undefined): string[] {
  return parseLines(text).filter((line) => !line.startsWith('#'));
}

/** Before any report names the images. @throws VeritySignError 'usage' */
export function withoutCredentials(references: readonly string[]): string[] {
  for (const reference of references) refuseCredentials(reference);
  return [...references];
}

/** The tags of `push-to`: separated by commas or line ends, with comments as in a list of images. */
export function listedTags(text: string | undefined): string[] {
  return withoutCredentials(parseList(listedImages(text).join('\n')));
}

/**
 * Appends the images of `metadata-file` to the listed ones.
 * @throws VeritySignError 'usage' for metadata that names no image of a registry, or only a part of one
 */
export function withBuiltImages(listed: readonly string[], raw: RawValues, dialect: Dialect): string[] {
  const given = raw['metadata-file']?.trim() ?? '';
  const own = withoutCredentials(listed);
  if (given === '') return own;
  const label = dialect.label('metadata-file');
  const built = builtImages(given, label);
  if (built.length === 0) {
    throw new VeritySignError('usage', `${label} contains no image`, {
      remedy: 'Build with --push and --metadata-file, and give each target a tag',
    });
  }
  return [...new Set([...own, ...built])];
}

/** Names are data: buildx writes a map. A build result has provenance beside these two. */
const metadataSchema = z.record(z.string(), z.unknown());
const DIGEST = 'containerimage.digest';
const NAMES = 'image.name';

/**
 * `REPOSITORY@DIGEST` of each image in the metadata of `docker buildx build` or `docker buildx bake`, which
 * has the same for each target. A target without image, such as a linter, does not count.
 * @param given the path of the file, or its content
 */
function builtImages(given: string, label: string): string[] {
  const metadata = parseBuild(given.startsWith('{') ? Buffer.from(given) : readFile(given, label), label);
  const isBuild = metadata[DIGEST] !== undefined || metadata[NAMES] !== undefined;
  const results: [string, unknown][] = isBuild ? [['the build', metadata]] : Object.entries(metadata);
  return [
    ...new Set(
      results.flatMap(([target, result]) =>
        typeof result === 'object' && result !== null && !Array.isArray(result)
          ? imagesOf(target, result as Record<string, unknown>, label)
          : [],
      ),
    ),
  ];
}

function imagesOf(target: string, result: Readonly<Record<string, unknown>>, label: string): string[] {
  const { [DIGEST]: digest, [NAMES]: names } = result;
  if (digest === undefined && names === undefined) return [];
  const where = `${label}: target ${JSON.stringify(target.slice(0, 100))}`;
  if (typeof digest !== 'string' || !isDigest(digest)) {
    throw new VeritySignError('usage', `${where} has a name, but no digest in ${DIGEST}`, {
      remedy: 'Push the image in the build (--push), or list it in image',
    });
  }
  if (typeof names !== 'string' || names.trim() === '') {
    throw new VeritySignError('usage', `${where} has an image, but no name in ${NAMES}`, {
      remedy: 'Give the target a tag and push it, or list the images in image',
    });
  }
  return names.split(',').map((name) => {
    const reference = parseReference(name.trim());
    if (reference.kind === 'registry') return `${referenceName(reference)}@${digest}`;
    throw new VeritySignError('usage', `${where} has the name ${JSON.stringify(name.slice(0, 200))}`, {
      remedy: 'List the image in image',
    });
  });
}

function readFile(path: string, label: string): Buffer {
  try {
    return readGivenSync(path);
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new VeritySignError('usage', `${label}: ${path} cannot be read (${reason})`, {
      remedy: 'Give the path of the file that docker buildx wrote with --metadata-file',
      cause,
    });
  }
}

function parseBuild(bytes: Buffer, label: string): Record<string, unknown> {
  try {
    return parseMetadata(metadataSchema, bytes, label);
  } catch (error) {
    if (!(error instanceof VeritySignError)) throw error;
    throw new VeritySignError('usage', error.message, {
      remedy: 'Give the file that docker buildx wrote with --metadata-file, or list its images in image',
      cause: error,
    });
  }
}
