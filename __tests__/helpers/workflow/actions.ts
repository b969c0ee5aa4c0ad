// Strict stand-ins for actions/upload-artifact, actions/download-artifact and actions/checkout, and the way to this project's
// own Actions, whose bundles run as on a runner. They refuse unknown inputs.
import { cpSync, existsSync, globSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';

export interface Started {
  argv: string[];
  env: Record<string, string>;
}

/**
 * How an Action of the workflow's own repository and commit is started; undefined if `uses` names another one.
 * `$/` needs a path, as on GitHub. [actions/runner, PipelineConstants.TryParseSelfRepository]
 *
 * @param root the repository that holds the workflow
 */
export function ownAction(uses: string, given: Record<string, string>, root: string): Started | undefined {
  const path = /^\$\/+(.+)$/.exec(uses)?.[1];
  if (path === undefined) return undefined;
  const file = join(root, path, 'action.yml');
  const action = parse(readFileSync(file, 'utf8')) as {
    inputs: Record<string, { default?: string }>;
    runs: { using: string; main: string };
  };
  const unknown = Object.keys(given).filter((name) => !(name in action.inputs));
  if (unknown.length > 0) throw new Error(`${uses} has no inputs ${unknown.join(', ')}`);
  const inputs = Object.entries(action.inputs).map(([name, spec]) => [
    `INPUT_${name.toUpperCase()}`,
    given[name] ?? spec.default ?? '',
  ]);
  return {
    argv: [process.execPath, join(dirname(file), action.runs.main)],
    env: Object.fromEntries(inputs) as Record<string, string>,
  };
}

/** Handles an artifact action; throws if that action would fail. */
export function artifactAction(uses: string, given: Record<string, string>, store: string): void {
  const name = uses.replace(/@.*/, '');
  if (name === 'actions/upload-artifact') upload(given, store);
  else if (name === 'actions/download-artifact') download(given, store);
  else throw new Error(`no stand-in for ${uses}`);
}

/** Handles actions/checkout of the caller's repository, whose files are in a folder. */
export function checkout(
  given: Record<string, string>,
  repository: string | undefined,
  workspace: string,
): void {
  expectOnly(given, { 'persist-credentials': 'false' });
  if (repository === undefined) throw new Error('the call has no repository to check out');
  cpSync(repository, workspace, { recursive: true });
}

function upload(given: Record<string, string>, store: string): void {
  const { name, path, ...rest } = given;
  expectOnly(rest, { 'if-no-files-found': 'error', overwrite: 'true' });
  if (name === undefined || name === '' || path === undefined) throw new Error('no name or path');
  if (!existsSync(path)) throw new Error(`no files were found: ${path}`);
  cpSync(path, join(store, name), { recursive: true });
}

function download(given: Record<string, string>, store: string): void {
  const { pattern = '', path = '', ...rest } = given;
  expectOnly(rest, { 'merge-multiple': 'true' });
  mkdirSync(path, { recursive: true });
  for (const found of globSync(pattern, { cwd: store })) {
    cpSync(join(store, found), path, { recursive: true, errorOnExist: true, force: false });
  }
}

function expectOnly(given: Record<string, string>, allowed: Record<string, string>): void {
  for (const [name, value] of Object.entries(given)) {
    if (allowed[name] !== value) throw new Error(`the stand-in does not know ${name}: ${value}`);
  }
}
