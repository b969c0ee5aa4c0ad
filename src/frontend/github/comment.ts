import { documented } from './check-run.ts';
import type { Client } from './client.ts';
import { type Mark, markText, mustStay } from './mark.ts';
import { pullFor, type Target } from './target.ts';

/** Characters of a comment. */
export const MOST_COMMENT = 65_536;
/** Pages of 100 comments that are searched for an earlier one. */
const MOST_PAGES = 50;

const MARK_BEGIN = '<!-- verity-sign: ';
const MARK_END = ' -->';

/** A line that GitHub does not show. */
export function marker(mark: Mark): string {
  return `${MARK_BEGIN}${markText(mark)}${MARK_END}`;
}

/**
 * The number of the one open pull request from a branch, of a fork or not, whose head is the commit.
 * @param head `OWNER:BRANCH`
 * @throws what octokit throws
 */
export async function openPull(
  client: Client,
  { owner, repo, sha }: Target,
  head: string,
): Promise<number | undefined> {
  const { data } = await client.rest.pulls.list({ owner, repo, state: 'open', head, per_page: 100 });
  return pullFor(documented(data), sha);
}

/**
 * Creates a comment of the pull request, or updates the one that has the mark. Only comments of Apps count, as
 * GitHub's own token writes them: people could write the mark too, and change the comment later.
 * @param body begins with the {@link marker}
 * @returns false if the comment stays as it is, see {@link mustStay}
 * @throws what octokit throws
 */
export async function publishComment(
  client: Client,
  { owner, repo }: Target,
  pull: number,
  mark: Mark,
  body: string,
): Promise<boolean> {
  const known = await ownComment(client, { owner, repo, issue_number: pull }, mark);
  if (known !== undefined && mustStay(known.mark, mark)) return false;
  if (known === undefined) await client.rest.issues.createComment({ owner, repo, issue_number: pull, body });
  else await client.rest.issues.updateComment({ owner, repo, comment_id: known.id, body });
  return true;
}

async function ownComment(
  client: Client,
  pull: { owner: string; repo: string; issue_number: number },
  { id }: Mark,
): Promise<{ id: number; mark: string } | undefined> {
  const begin = `${MARK_BEGIN}${id}`;
  const pages = client.paginate.iterator(client.rest.issues.listComments, { ...pull, per_page: 100 });
  let count = 0;
  for await (const { data } of pages) {
    const found = documented(data).find(({ body, user }) => user?.type === 'Bot' && body?.startsWith(begin));
    if (found !== undefined) {
      const [mark = ''] = (found.body ?? '').slice(MARK_BEGIN.length).split(MARK_END, 1);
      return { id: found.id, mark };
    }
    count += 1;
    if (count === MOST_PAGES) return undefined;
  }
  return undefined;
}
