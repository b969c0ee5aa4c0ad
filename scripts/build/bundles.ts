import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type BuildOptions, type BuildResult, build, type Plugin } from 'esbuild';
import { builtins } from './builtins.ts';
import { bundledPackages } from './bundled-packages.ts';
import { namedOutputs } from './chunk-names.ts';
import { grouped, type Members, members } from './groups.ts';
import { licences } from './licences.ts';
import { COMMON } from './options.ts';
import { declarations } from './types.ts';

/**
 * Code that entries share, and code that is imported lazily, is in chunks: an entry loads what its run
 * needs, and the check of Node's version runs before any module that needs a newer Node.
 */
const ENTRIES = {
  cli: 'src/entry/cli.ts',
  'sign-action': 'src/entry/sign-action.ts',
  'verify-action': 'src/entry/verify-action.ts',
  'ipe-policy-action': 'src/entry/ipe-policy-action.ts',
  library: 'src/entry/library.ts',
  'layer-worker': 'src/convert/worker/layer-worker.ts',
} as const satisfies BuildOptions['entryPoints'];

const COMMAND = 'src/frontend/cli/run-command.ts';
const SIGN = 'src/commands/sign/sign-image.ts';
const VERIFY = 'src/commands/verify/verify-image.ts';
const WORKER = [ENTRIES['layer-worker'], 'src/convert/worker/native-consumer.ts'];
/**
 * Sources in one file, by what needs all of them. Nothing else is in them: a group that a command needs in part is
 * a group too many for its start. Every worker loads the native builder, which most runs use. Node takes 5 ms
 * to load its threads, so what starts them is not in a group that help loads.
 */
const GROUPS = {
  start: [
    [
      ENTRIES.cli,
      'src/frontend/cli/completion/shells.ts',
      'src/frontend/cli/exit-status.ts',
      'src/lib/process/system-limit.ts',
      'src/report/tool.ts',
    ],
  ],
  inputs: [['src/frontend/cli/command-line.ts', 'src/oci/image/local-path.ts'], [COMMAND]],
  threads: [['src/frontend/early-start.ts']],
  conversion: [WORKER, [SIGN]],
  worker: [WORKER],
  options: [[COMMAND], [ENTRIES['sign-action']]],
  commands: [[COMMAND]],
  images: [[SIGN], [VERIFY]],
  signing: [[SIGN, 'src/signatures/signers/file/key-file.ts']],
  mkfs: [['src/convert/erofs/mkfs/known-answer.ts']],
  notary: [[VERIFY], ['src/commands/sign/manifests/steps.ts']],
  verifying: [[VERIFY]],
  actions: [[ENTRIES['sign-action']], [ENTRIES['verify-action']]],
};

type Bundles = BuildResult<{ metafile: true; write: false }> & { groups: Members };

/** Bundles in memory, with esbuild's account of what is in them. `outdir` is a part of the paths only. */
export async function bundle(outdir: string, plugins: readonly Plugin[] = []): Promise<Bundles> {
  const all = [...plugins, ...COMMON.plugins];
  const options = { ...COMMON, entryPoints: ENTRIES, outdir, metafile: true, write: false } as const;
  const { metafile } = await build({ ...options, plugins: all });
  const groups = members(metafile, GROUPS, Object.values(ENTRIES));
  const root = COMMON.absWorkingDir;
  const result = await build({
    ...options,
    plugins: [...all, grouped(root, groups), builtins(root, groups)],
  });
  return { ...result, groups };
}

/** Writes one bundle per entry, and their chunks. */
export async function writeBundles(outdir: string, plugins: readonly Plugin[] = []): Promise<Bundles> {
  const result = await bundle(outdir, plugins);
  await mkdir(outdir, { recursive: true });
  for (const { name, text } of namedOutputs(result.metafile, result.outputFiles, result.groups)) {
    // A program with a `#!` line is executable.
    await writeFile(join(outdir, name), text, { mode: text.startsWith('#!') ? 0o755 : 0o644 });
  }
  return result;
}

/** Writes the bundles, the types of the library, and the licences of all bundled packages. */
export async function buildBundles(outdir: string, plugins: readonly Plugin[] = []): Promise<void> {
  const { metafile } = await writeBundles(outdir, plugins);
  for (const { path, text } of await declarations(COMMON.absWorkingDir, ENTRIES.library)) {
    const file = join(outdir, 'types', path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  const root = COMMON.absWorkingDir;
  const packages = await bundledPackages(root, metafile);
  await writeFile(join(outdir, 'licenses.txt'), await licences(root, packages));
}
