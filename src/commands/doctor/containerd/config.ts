import { isUtf8 } from 'node:buffer';
import { join } from 'node:path';
import { parse, TomlError } from 'smol-toml';
import * as z from 'zod';
import { FormatError } from '../../../formats/format-error.ts';
import type { NodeFiles } from '../node-files.ts';
import { type CriSettings, withCri } from './cri.ts';
import { importedPaths } from './imports.ts';

/** What containerd is set to, as far as layers are concerned. An absent value has containerd's default. */
export interface ContainerdSettings {
  /** Folder of its data. */
  root: string;
  disabledPlugins: readonly string[];
  cri: CriSettings;
  /** Order of the differs. */
  differs: readonly string[] | undefined;
  mkfsOptions: readonly string[] | undefined;
  differVerity: boolean | undefined;
  tarIndex: boolean | undefined;
  dmverityMode: string | undefined;
  layerCaches: readonly string[];
  /** Options of the snapshotter that it refuses together with a cache, as they are written. */
  excludesCache: readonly string[];
  /** Folder of the EROFS snapshotter. */
  snapshots: string;
  /**
   * Differ by which the transfer service unpacks Linux images for the EROFS snapshotter; undefined without an entry for
   * them. containerd's own entry has the differ erofs.
   */
  unpackDiffer: string | undefined;
}

export type ContainerdConfig =
  | { state: 'read'; paths: readonly string[]; settings: ContainerdSettings }
  | { state: 'absent'; path: string }
  | { state: 'unreadable'; path: string; reason: string };

const DEFAULT_ROOT = '/var/lib/containerd';
const MOST_FILES = 64;

const table = z.record(z.string(), z.unknown());
const strings = z.array(z.string());
const differ = z.object({
  mkfs_options: strings.optional(),
  enable_dmverity: z.boolean().optional(),
  enable_tar_index: z.boolean().optional(),
});
const snapshotter = z.object({
  root_path: z.string().optional(),
  dmverity_mode: z.string().optional(),
  layer_content_caches: strings.optional(),
  enable_fsverity: z.boolean().optional(),
  set_immutable: z.boolean().optional(),
});
const diffService = z.object({ default: strings.optional() });
const transfer = z.object({
  unpack_config: z
    .array(
      z.object({
        platform: z.string().optional(),
        snapshotter: z.string().optional(),
        differ: z.string().optional(),
      }),
    )
    .optional(),
});
/** Other systems than Linux for which containerd is built: their entries unpack nothing here. */
const OTHER_SYSTEM = /^(windows|darwin|freebsd)\b/i;
/** The newest that containerd 2.4 reads. */
const NEWEST_VERSION = 4;
/** The first version whose plugins have full names only. */
const FIRST_FULL_NAMES = 2;
const file = z.object({
  version: z
    .number()
    .int()
    .min(0)
    .max(NEWEST_VERSION, `newer than ${NEWEST_VERSION}, and containerd 2.4 does not start with it`)
    .default(0),
  imports: strings.optional(),
  root: z.string().optional(),
  disabled_plugins: strings.optional(),
  plugins: table.optional(),
});

/**
 * Reads containerd's configuration with the files that it imports. Of the options of a plugin the later file's win,
 * and a list is replaced; `disabled_plugins` add up, as `containerd config dump` shows.
 */
export async function readContainerdConfig(files: NodeFiles, path: string): Promise<ContainerdConfig> {
  const queue = [path];
  const paths: string[] = [];
  const plugins: Record<string, unknown> = {};
  const disabled = new Set<string>();
  let cri: CriSettings = { snapshotter: undefined, erofsRuntimes: [] };
  let root = DEFAULT_ROOT;
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (paths.includes(next)) continue;
    if (paths.length === MOST_FILES)
      return { state: 'unreadable', path, reason: `it imports more than ${MOST_FILES - 1} files` };
    const found = await files.read(next);
    if (found.state === 'absent') {
      if (next === path) return { state: 'absent', path };
      const reason = 'it is imported, but absent, and containerd does not start without it';
      return { state: 'unreadable', path: next, reason };
    }
    if (found.state === 'unreadable') return { state: 'unreadable', path: next, reason: found.reason };
    paths.push(next);
    try {
      const read = parseFile(found.bytes);
      root = read.root || root;
      for (const name of read.disabled_plugins ?? []) disabled.add(name);
      cri = withCri(cri, read.version, read.plugins ?? {});
      for (const [name, own] of Object.entries(read.plugins ?? {})) {
        plugins[name] = { ...table.parse(plugins[name] ?? {}), ...table.parse(own) };
      }
      for (const item of read.imports ?? []) {
        const imported = await importedPaths(files, next, item);
        if ('reason' in imported) return { state: 'unreadable', ...imported };
        queue.push(...imported.paths);
      }
    } catch (error) {
      return { state: 'unreadable', path: next, reason: reasonOf(error) };
    }
  }
  try {
    return {
      state: 'read',
      paths,
      settings: { ...settingsOf(plugins, root), disabledPlugins: [...disabled], cri },
    };
  } catch (error) {
    return { state: 'unreadable', path, reason: reasonOf(error) };
  }
}

/** As strict as containerd: with a byte order mark, or with bytes that are no UTF-8, it does not start. */
function parseFile(bytes: Buffer): z.infer<typeof file> {
  if (!isUtf8(bytes)) throw new FormatError('it is not UTF-8');
  const text = bytes.toString('utf8');
  if (text.startsWith('\uFEFF')) throw new FormatError('it begins with a byte order mark');
  const read = file.parse(parse(text));
  const short = read.disabled_plugins?.find((name) => !name.includes('.'));
  if (short !== undefined && read.version >= FIRST_FULL_NAMES)
    throw new FormatError(`disabled_plugins has ${JSON.stringify(short)}, which is no full name of a plugin`);
  return read;
}

function settingsOf(
  plugins: Record<string, unknown>,
  root: string,
): Omit<ContainerdSettings, 'disabledPlugins' | 'cri'> {
  const of = <T>(name: string, schema: z.ZodType<T>): T =>
    schema.parse(plugins[`io.containerd.${name}`] ?? {});
  const ownDiffer = of('differ.v1.erofs', differ);
  const ownSnapshotter = of('snapshotter.v1.erofs', snapshotter);
  const unpack = of('transfer.v1.local', transfer).unpack_config?.find(
    (one) => one.snapshotter === 'erofs' && !OTHER_SYSTEM.test(one.platform ?? ''),
  );
  const { enable_fsverity: fsverity, set_immutable: immutable } = ownSnapshotter;
  return {
    root,
    differs: of('service.v1.diff-service', diffService).default,
    mkfsOptions: ownDiffer.mkfs_options,
    differVerity: ownDiffer.enable_dmverity,
    tarIndex: ownDiffer.enable_tar_index,
    dmverityMode: ownSnapshotter.dmverity_mode,
    snapshots: `${ownSnapshotter.root_path || join(root, 'io.containerd.snapshotter.v1.erofs')}/snapshots`,
    layerCaches: ownSnapshotter.layer_content_caches ?? [],
    excludesCache: [
      ...(fsverity ? ['enable_fsverity = true'] : []),
      ...(immutable ? ['set_immutable = true'] : []),
    ],
    unpackDiffer: unpack && differOf(unpack),
  };
}

/** Without a name, walking wins where both differs match the platform. [plugins/transfer/plugin.go, getApplier] */
function differOf({
  platform,
  differ,
}: {
  platform?: string | undefined;
  differ?: string | undefined;
}): string {
  return differ || (platform?.includes('+erofs') ? 'erofs' : 'walking');
}

function reasonOf(error: unknown): string {
  if (error instanceof FormatError) return error.message;
  if (error instanceof TomlError) return error.message.split('\n', 1)[0] ?? error.message;
  if (!(error instanceof z.ZodError)) throw error;
  const [issue] = error.issues;
  return `${issue?.path.join('.')}: ${issue?.message}`;
}
