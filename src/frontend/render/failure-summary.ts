import { type ErrorCode, VeritySignError } from '../../errors.ts';
import { alert, escapeMarkdown, factTable, inlineCode } from './markdown.ts';

const TROUBLESHOOTING = 'https://github.com/verity-sign/verity-sign/blob/main/docs/troubleshooting.md';

const WORDS: Readonly<Record<ErrorCode, string>> = {
  usage: 'invalid input',
  image: 'the image',
  environment: 'the runner and its tools',
  key: 'the key or its certificate',
  registry: 'the registry',
  cancelled: 'cancelled',
};

/**
 * The job summary of a run that failed: what happened, what to do, and for which image and layer.
 * @param title the heading, such as `Signing failed`
 */
export function renderFailure(title: string, error: unknown): string {
  if (!(error instanceof VeritySignError)) {
    const box = ['**Internal error**: please report it with the error line in the log of this step.'];
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
    `[How to fix it](${TROUBLESHOOTING}#${code})`,
  ]);
}

function summaryOf(parts: readonly string[]): string {
  return `${parts.join('\n\n')}\n`;
}
