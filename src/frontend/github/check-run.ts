import type { Client } from './client.ts';
import { type Mark, markText, mustStay } from './mark.ts';
import type { Target } from './target.ts';

/** Characters of a check's summary. [docs.github.com, REST API: create a check run, output] */
export const MOST_SUMMARY = 65_535;
const MOST_TITLE = 255;

export interface Check {
  name: string;
  mark: Mark;
  title: string;
  /** Markdown. */
  summary: string;
}

/** @throws TypeError if an answer has something else in place of a list */
export function documented<T>(list: readonly T[]): readonly T[] {
  if (Array.isArray(list)) return list;
  throw new TypeError('it has no list');
}

/**
 * Creates a check run of the commit, or updates the one that an earlier run of the same job created. It may be
 * repeated: what was created before is found.
 * @returns false if the check run stays as it is, see {@link mustStay}
 * @throws what octokit throws
 */
export async function publishCheck(client: Client, target: Target, check: Check): Promise<boolean> {
  const { owner, repo, sha, runUrl } = target;
  const { name, mark, title, summary } = check;
  const { data } = await client.rest.checks.listForRef({
    ...{ owner, repo, ref: sha, check_name: name, filter: 'all', per_page: 100 },
  });
  // A proxy or another server may answer in GitHub's place.
  const known = documented(data.check_runs).find((one) => one.external_id?.startsWith(mark.id));
  // GitHub replaces the details_url of check runs that its own App creates, so it does not tell attempts apart.
  if (known?.external_id && mustStay(known.external_id, mark)) return false;
  const content = {
    ...{ owner, repo, name, conclusion: mark.conclusion, external_id: markText(mark) },
    status: 'completed' as const,
    output: { title: title.length <= MOST_TITLE ? title : `${title.slice(0, MOST_TITLE - 1)}…`, summary },
    ...(runUrl === undefined ? {} : { details_url: runUrl }),
  };
  if (known === undefined) await client.rest.checks.create({ ...content, head_sha: sha });
  else await client.rest.checks.update({ ...content, check_run_id: known.id });
  return true;
}
