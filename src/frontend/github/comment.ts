import { documented } from './check-run.ts';
import type { Client } from './client.ts';
import type { Target } from './target.ts';

/** Characters of a comment. */
export const MOST_COMMENT = 65_536;
/** Pages of 100 comments that are searched for an earlier one. */
const MOST_PAGES = 50;

/** A line that GitHub does not show. */
export function marker(id: string): string {
  return `<!-- verity-sign: ${id} -->`;
}

/**
 * Creates a comment of the pull request, or updates the one that has the marker. Only comments of Apps count, as
 * GitHub's own token writes them: people could write the marker too, and change the comment later.
 * @param body begins with `mark`
 * @throws what octokit throws
 */
export async function publishComment(
  client: Client,
  { owner, repo }: Target,
  pull: number,
  mark: string,
  body: string,
): Promise<void> {
  const known = await ownComment(client, { owner, repo, issue_number: pull }, mark);
  if (known === undefined) await client.rest.issues.createComment({ owner, repo, issue_number: pull, body });
  else await client.rest.issues.updateComment({ owner, repo, comment_id: known, body });
}

async function ownComment(
  client: Client,
  pull: { owner: string; repo: string; issue_number: number },
  mark: string,
): Promise<number | undefined> {
  const pages = client.paginate.iterator(client.rest.issues.listComments, { ...pull, per_page: 100 });
  let count = 0;
  for await (const { data } of pages) {
    const found = documented(data).find(({ body, user }) => user?.type === 'Bot' && body?.startsWith(mark));
    if (found !== undefined) return found.id;
    count += 1;
    if (count === MOST_PAGES) return undefined;
  }
  return undefined;
}
