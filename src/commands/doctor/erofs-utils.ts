import { createMkfsBuilder } from '../../convert/erofs/mkfs/known-answer.ts';
import { VeritySignError } from '../../errors.ts';
import { withTempFolder } from '../../lib/process/temp-folder.ts';
import { type ContainerdProfile, RELEASE_CLASSES } from '../../model/profiles.ts';
import { UnsupportedMkfsError } from '../../tools/mkfs-erofs.ts';
import { SUPPORTED_EROFS_UTILS, unsupportedErofsUtils } from '../../tools/versions.ts';
import type { RunContext } from '../shared/options.ts';
import { type FoundErofsUtils, type Node, type NodeCheck, ok, unknown, type Wanted, wrong } from './check.ts';
import { packageVersion, systemProgram } from './installed.ts';
import type { NodeFiles } from './node-files.ts';

const INSTALL = `Install erofs-utils ${SUPPORTED_EROFS_UTILS}`;

/** The node's mkfs.erofs: of this machine by its known-answer test, else by the package's version. */
export async function findErofsUtils(
  { files, live }: Pick<Node, 'files' | 'live'>,
  { profile }: Wanted,
  context: RunContext,
): Promise<FoundErofsUtils> {
  if (profile === 'containerd-cache')
    return none(ok('erofs-utils', 'not needed: the layers come from a cache'));
  return live ? tested(profile, context) : byPackage(files);
}

/** Whether mkfs.erofs is of a class that was signed. */
export function checkErofsUtils({ erofsUtils }: Node, { classes }: Wanted): NodeCheck {
  if (erofsUtils.class === undefined) return erofsUtils.check;
  const { class: own, shown } = erofsUtils;
  if (classes.length === 0 || classes.includes(own)) return ok('erofs-utils', shown);
  return wrong(
    'erofs-utils',
    `${shown}, but the signatures are those of class ${classes.join(', ')}: root hashes may differ`,
    `Sign with erofs-utils-version ${own} too, or install a release of class ${classes.join(' or ')}`,
  );
}

function none(check: NodeCheck): FoundErofsUtils {
  return { class: undefined, check };
}

async function tested(profile: ContainerdProfile, { log, signal }: RunContext): Promise<FoundErofsUtils> {
  const mkfsPath = systemProgram('mkfs.erofs');
  if (mkfsPath === undefined)
    return none(wrong('erofs-utils', "mkfs.erofs is not in the system's folders", INSTALL));
  try {
    const info = await withTempFolder(undefined, (tempFolder) =>
      createMkfsBuilder({ mkfsPath, wanted: 'any', profiles: [profile], tempFolder, signal, log }),
    ).then(({ info }) => info);
    const shown = `${info.path} ${info.version}, class ${info.class}`;
    if (info.class !== 'unknown') return { class: info.class, shown };
    return none(wrong('erofs-utils', shown, `${INSTALL}, as its project builds it`));
  } catch (error) {
    if (!(error instanceof VeritySignError) || signal.aborted) throw error;
    const state = error instanceof UnsupportedMkfsError ? wrong : unknown;
    return none(state('erofs-utils', error.message, INSTALL));
  }
}

async function byPackage(files: NodeFiles): Promise<FoundErofsUtils> {
  const found = await packageVersion(files, ['erofs-utils']);
  const remedy = 'Look at mkfs.erofs --version on the node, and at docs/erofs-utils-classes.md';
  if ('unknown' in found) return none(unknown('erofs-utils', found.unknown, remedy));
  const name = (RELEASE_CLASSES as Readonly<Record<string, string>>)[found.version];
  if (name === undefined) {
    if (unsupportedErofsUtils(found.version) !== undefined)
      return none(
        wrong('erofs-utils', `${found.from}, of no class: no signature is for its images`, INSTALL),
      );
    return none(unknown('erofs-utils', `${found.from}, of unknown class`, remedy));
  }
  return { class: name, shown: `${found.from}, class ${name}` };
}
