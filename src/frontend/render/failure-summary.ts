import { type ErrorCode, VeritySignError } from '../../errors.ts';
import { alert, escapeMarkdown, factTable, inlineCode } from './markdown.ts';

const TROUBLESHOOTING = 'https://github.com/verity-sign/verity-sign/blob/main/docs/troubleshooting.md';

const WORDS: Readonly<Record<ErrorCode, string>> = {
  usage: 'wrong input',
  image: 'the image',
  environment: 'the runner and its tools',
  key: 'the key or its certificate',
  registry: 'the registry',
  cancelled: 'cancelled',
};

/**
 * What a job summary says of a run that ended with `error`: what happened, what to do, and where.
 * `title` is ours, such as `Signing failed`.
 */
export function renderFailure(title: string, error: unknown): string {
  if (!(error instanceof VeritySignError)) {
    const box = ['**Internal error**: the log of the step has what to report.'];
    return summaryOf([`### ${title}`, ...alert('CAUTION', box)]);
  }
  const { code, message, remedy, context } = error;
  const box = [
    `**${escapeMarkdown(message)}**`,
    ...(remedy === undefined ? [] : [`${escapeMarkdown(remedy)}.`]),
  ];
  const where = [
    ...(context.image === undefined ? [] : [['Image', inlineCode(context.image)] as const]),
    ...(context.layer === undefined ? [] : [['Layer', inlineCode(context.layer)] as const]),
  ];
  return summaryOf([
    `### ${title}: ${WORDS[code]}`,
    ...alert('CAUTION', box),
    ...(where.length === 0 ? [] : [factTable(where)]),
    `[What to do about it](${TROUBLESHOOTING}#${code})`,
  ]);
}

function summaryOf(parts: readonly string[]): string {
  return `${parts.join('\n\n')}\n`;
}
