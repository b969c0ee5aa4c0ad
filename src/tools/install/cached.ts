import { find } from '@actions/tool-cache';
import { VeritySignError } from '../../errors.ts';

/** Folder of a tool in the runner's tool cache, or undefined if it is not there yet. */
export function findCached(tool: string, version: string, arch: string): string | undefined {
  if (!process.env.RUNNER_TOOL_CACHE) {
    throw new VeritySignError(
      'environment',
      `${tool} has to be installed, but RUNNER_TOOL_CACHE is not set`,
      {
        remedy: `Install ${tool} beforehand, or run this as a step of a workflow`,
      },
    );
  }
  const folder = find(tool, version, arch);
  return folder === '' ? undefined : folder;
}
