import { createMkfsBuilder } from '../../convert/erofs/mkfs/known-answer.ts';
import { VeritySignError } from '../../errors.ts';
import { withTempFolder } from '../../lib/process/temp-folder.ts';
import { RELEASE_CLASSES } from '../../model/profiles.ts';
import type { RunContext } from '../shared/options.ts';
import { type Node, type NodeCheck, ok, unknown, type Wanted, wrong } from './check.ts';
import { packageVersion } from './installed.ts';

/** The class of the node's mkfs.erofs: of this machine by its known-answer test, else by the package's version. */
export async function checkErofsUtils(node: Node, wanted: Wanted, context: RunContext): Promise<NodeCheck> {
  if (wanted.profile === 'containerd-cache')
    return ok('erofs-utils', 'not needed: the layers come from a cache');
  const found = node.live ? await tested(wanted, context) : await byPackage(node);
  if ('check' in found) return found.check;
  const { name, shown } = found;
  if (wanted.classes.length === 0 || wanted.classes.includes(name)) return ok('erofs-utils', shown);
  return wrong(
    'erofs-utils',
    `${shown}, but the signatures are those of class ${wanted.classes.join(', ')}: root hashes may differ`,
    `Sign with erofs-utils-version ${name} too, or install a release of class ${wanted.classes.join(' or ')}`,
  );
}

type Found = { name: string; shown: string } | { check: NodeCheck };

async function tested({ profile }: Wanted, { log, signal }: RunContext): Promise<Found> {
  try {
    const info = await withTempFolder(undefined, (tempFolder) =>
      createMkfsBuilder({ wanted: 'any', profiles: [profile], tempFolder, signal, log }),
    ).then(({ info }) => info);
    const shown = `${info.path} ${info.version}, class ${info.class}`;
    if (info.class !== 'unknown') return { name: info.class, shown };
    return {
      check: wrong(
        'erofs-utils',
        shown,
        'Install erofs-utils 1.8.10, or 1.9.1 or later, as its project builds it',
      ),
    };
  } catch (error) {
    if (!(error instanceof VeritySignError) || signal.aborted) throw error;
    const { message } = error;
    const remedy = 'Install erofs-utils 1.8.10, or 1.9.1 or later';
    const missing = message.includes('is not installed');
    return {
      check: missing ? wrong('erofs-utils', message, remedy) : unknown('erofs-utils', message, remedy),
    };
  }
}

async function byPackage({ files }: Node): Promise<Found> {
  const found = await packageVersion(files, ['erofs-utils']);
  const remedy = 'Look at mkfs.erofs --version on the node, and at docs/erofs-utils-classes.md';
  if ('unknown' in found) return { check: unknown('erofs-utils', found.unknown, remedy) };
  const name = (RELEASE_CLASSES as Readonly<Record<string, string>>)[found.version];
  if (name === undefined) return { check: unknown('erofs-utils', `${found.from}, of unknown class`, remedy) };
  return { name, shown: `${found.from}, class ${name}` };
}
