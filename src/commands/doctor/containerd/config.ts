import { join } from 'node:path';
import { parse, TomlError } from 'smol-toml';
import * as z from 'zod';
import type { NodeFiles } from '../node-files.ts';
import { importedPaths } from './imports.ts';

/** What containerd is set to, as far as layers are concerned. An absent value has containerd's default. */
export interface ContainerdSettings {
  /** Folder of its data. */
  root: string;
  /** Order of the differs. */
  differs: readonly string[] | undefined;
  mkfsOptions: readonly string[] | undefined;
  differVerity: boolean | undefined;
  tarIndex: boolean | undefined;
  dmverityMode: string | undefined;
  layerCaches: readonly string[];
  /** Folder of the EROFS snapshotter. */
  snapshots: string;
  /** Differs of the transfer service that unpack for the EROFS snapshotter; undefined without such an entry. */
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
});
const diffService = z.object({ default: strings.optional() });
const transfer = z.object({
  unpack_config: z
    .array(z.object({ snapshotter: z.string().optional(), differ: z.string().optional() }))
    .optional(),
});
const file = z.object({
  imports: strings.optional(),
  root: z.string().optional(),
  plugins: table.optional(),
});

/**
 * Reads containerd's configuration with the files that it imports. Of the options of a plugin the later file's win;
 * a list is replaced, as `containerd config dump` shows.
 */
export async function readContainerdConfig(files: NodeFiles, path: string): Promise<ContainerdConfig> {
  const queue = [path];
  const paths: string[] = [];
  const plugins: Record<string, unknown> = {};
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
      const read = file.parse(parse(found.bytes.toString('utf8')));
      root = read.root || root;
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
    return { state: 'read', paths, settings: settingsOf(plugins, root) };
  } catch (error) {
    return { state: 'unreadable', path, reason: reasonOf(error) };
  }
}

function settingsOf(plugins: Record<string, unknown>, root: string): ContainerdSettings {
  const of = <T>(name: string, schema: z.ZodType<T>): T =>
    schema.parse(plugins[`io.containerd.${name}`] ?? {});
  const ownDiffer = of('differ.v1.erofs', differ);
  const ownSnapshotter = of('snapshotter.v1.erofs', snapshotter);
  const unpack = of('transfer.v1.local', transfer).unpack_config?.find((one) => one.snapshotter === 'erofs');
  return {
    root,
    differs: of('service.v1.diff-service', diffService).default,
    mkfsOptions: ownDiffer.mkfs_options,
    differVerity: ownDiffer.enable_dmverity,
    tarIndex: ownDiffer.enable_tar_index,
    dmverityMode: ownSnapshotter.dmverity_mode,
    snapshots: `${ownSnapshotter.root_path || join(root, 'io.containerd.snapshotter.v1.erofs')}/snapshots`,
    layerCaches: ownSnapshotter.layer_content_caches ?? [],
    unpackDiffer: unpack === undefined ? undefined : (unpack.differ ?? ''),
  };
}

function reasonOf(error: unknown): string {
  if (error instanceof TomlError) return error.message.split('\n', 1)[0] ?? error.message;
  if (!(error instanceof z.ZodError)) throw error;
  const [issue] = error.issues;
  return `${issue?.path.join('.')}: ${issue?.message}`;
}
