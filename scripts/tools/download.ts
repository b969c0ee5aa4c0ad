import { writeFile } from 'node:fs/promises';
import { checkSha256, failure } from './common.ts';

/** Fetches a file of some megabytes and checks it. */
export async function download(url: string, sha256: string, target: string): Promise<void> {
  const response = await fetch(url).catch((cause: unknown) => {
    throw failure(`${url} could not be fetched`, 'Check the network', cause);
  });
  if (!response.ok) throw failure(`${url} answered ${response.status}`, 'Run it again later');
  await writeFile(target, new Uint8Array(await response.arrayBuffer()));
  await checkSha256(target, sha256);
}
