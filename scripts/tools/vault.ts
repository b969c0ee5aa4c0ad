import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { command, failure, inTempFolder, place } from './common.ts';
import { go } from './go.ts';
import { filesOf, goBuild } from './go-module.ts';
import type { Tool } from './tool.ts';

const SOURCE = fileURLToPath(new URL('vault', import.meta.url));
/** The module `sdk`, with its hash from the Go checksum database. */
const SDK = {
  module: 'github.com/hashicorp/vault/sdk@v0.21.0',
  sum: 'h1:3gDqdKLhHY2ekmCEE9EeesoNpgsReq2bo/SpMqvBYdw=',
} as const;

/**
 * Vault's releases are built with a version of their module `sdk` that is not published. Two declarations
 * of the nearest published version do not match: a callback that is not used here, and a function that
 * must return a name for Vault's telemetry.
 */
const CORRECTIONS: readonly { file: string; from: string; to: string }[] = [
  {
    file: 'framework/backend.go',
    from: 'ActivationFunc func(context.Context, *logical.Request, string) error',
    to: 'ActivationFunc func(context.Context, *logical.Request) error',
  },
  {
    file: 'helper/keysutil/lock_manager.go',
    from: 'func (lm *LockManager) RestorePolicy(',
    to: `func (lm *LockManager) RestorePolicy(ctx context.Context, storage logical.Storage, name, backup string, force bool) (string, error) {
	return name, lm.restorePolicy(ctx, storage, name, backup, force)
}

func (lm *LockManager) restorePolicy(`,
  },
];

/** Vault for tests: its core, HTTP API and transit engine in one small program. */
export const VAULT_TOOL: Tool = {
  name: 'vault-dev-server',
  description: "Vault's core with the transit engine, built by go",
  programs: ['vault-dev-server'],
  inputs: [SDK, CORRECTIONS, ...filesOf(SOURCE)],
  demo: false,
  needs: ['go'],
  seconds: 240,
  megabytes: 1700,
  install: async () => {
    await inTempFolder(async (folder) => {
      const build = join(folder, 'build');
      await cp(SOURCE, build, { recursive: true });
      await placeSdk(folder, join(build, 'sdk'));
      await goBuild(build, '.', join(build, 'built'));
      await place(join(build, 'built'), 'vault-dev-server');
    });
  },
};

async function placeSdk(cwd: string, target: string): Promise<void> {
  const { Dir, Sum } = JSON.parse(await go(['mod', 'download', '-json', SDK.module], cwd));
  if (Sum !== SDK.sum) throw failure(`${SDK.module} has the checksum ${Sum}`, 'Find out why');
  // Files in the module cache are read-only; the copies must be writable.
  await command(['cp', '-r', '--no-preserve=mode', Dir, target]);
  for (const { file, from, to } of CORRECTIONS) {
    const path = join(target, file);
    const text = await readFile(path, 'utf8');
    if (!text.includes(from))
      throw failure(`${file} of ${SDK.module} is not as expected`, 'Correct scripts/tools/vault.ts');
    await writeFile(path, text.replace(from, to));
  }
}
