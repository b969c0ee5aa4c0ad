import { type ErrorCode, isFailedVerdict, remedyOf, VeritySignError } from '../../errors.ts';
import { alert, factTable, inlineCode, joinMarkdown, link, type Markdown, md } from './markdown.ts';

const TROUBLESHOOTING = 'https://github.com/verity-sign/verity-sign/blob/main/docs/troubleshooting.md';
/** Images that a summary names. */
const MOST_NAMED = 20;

const WORDS: Readonly<Record<ErrorCode, string>> = {
  usage: 'invalid input',
  image: 'the image',
  environment: 'the runner and its tools',
  key: 'the key or its certificate',
  registry: 'the registry',
  cancelled: 'cancelled',
  'not-signed': 'not signed',
  invalid: 'invalid signatures',
  'not-trusted': 'signer not trusted',
  unchecked: 'could not be checked',
  'not-enforced': 'would not be enforced',
};

/**
 * The job summary of a run that failed: what happened, what to do, and for which image and layer.
 * @param title the heading, such as `Signing failed`
 * @param notStarted the images after the one that failed
 */
export function renderFailure(title: string, error: unknown, notStarted: readonly string[] = []): string {
  const rest = notStartedPart(notStarted);
  if (!(error instanceof VeritySignError)) {
    const box = [md`**Internal error**: please report it with the error line in the log of this step.`];
    return summaryOf([md`### ❌ ${title}`, ...alert('CAUTION', box), ...rest]);
  }
  const { code, message, context } = error;
  const remedy = remedyOf(error);
  const box = [md`**${message}**`, ...(remedy === undefined ? [] : [md`${remedy}.`])];
  const where = [
    ...(context.image === undefined ? [] : [['Image', inlineCode(context.image)] as const]),
    ...(context.layer === undefined ? [] : [['Layer', inlineCode(context.layer)] as const]),
  ];
  return summaryOf([
    md`### ❌ ${title}: ${WORDS[code]}`,
    ...alert('CAUTION', box),
    ...(where.length === 0 ? [] : [factTable(where)]),
    ...rest,
    link('How to fix it', new URL(`#${partOn(code)}`, TROUBLESHOOTING)),
  ]);
}

/** The part of the page: verdicts share one. */
function partOn(code: ErrorCode): string {
  return isFailedVerdict(code) ? 'verdicts' : code;
}

/** Names of a few of them. */
function notStartedPart(images: readonly string[]): Markdown[] {
  if (images.length === 0) return [];
  const named = images.slice(0, MOST_NAMED).map(inlineCode);
  const more = images.length - named.length;
  return [md`Not started: ${joinMarkdown(named, ', ')}${more === 0 ? '' : ` and ${more} more`}.`];
}

function summaryOf(parts: readonly Markdown[]): string {
  return `${joinMarkdown(parts, '\n\n').text}\n`;
}
