import { withoutSecrets } from '../../../errors.ts';
import { redactor, type ToolError } from '../../../lib/process/run.ts';
import { AnswerError } from '../direct/answer-error.ts';
import { type Login, secretsOf } from '../login/logins.ts';

/** A failure whose reason is in words, of oras or of a registry. */
type Spoken = ToolError | AnswerError;

/**
 * Whether the registry itself answered that it does not have what this call is for. Token servers say "not found" as
 * well, and so does oras 1.2 of every answer without a document. [oras-go registry/remote, oras manifest fetch]
 */
export function isAbsent(error: Spoken, name: string): boolean {
  if (error instanceof AnswerError) return error.status === 404;
  const form = /^(?:failed to (?:find|fetch the content of) "[^"]*": )?(.*): not found$/;
  return form.exec(wordsOf(error))?.[1] === name;
}

/** A target as messages of oras name it: a secret may be a part of it. */
export function nameIn(target: string, login: Login | undefined): string {
  return redactor(secretsOf(login))(target);
}

/** Without names and URLs: a repository may be called `immutable`. */
export function plainWords(error: Spoken, name: string): string {
  return wordsOf(error)
    .replaceAll(/"[^"]*"/g, '')
    .replaceAll(name, '');
}

/** Only the line with the error: hints about the command line of oras do not help here. */
function wordsOf(error: Spoken): string {
  if (error instanceof AnswerError) return error.message;
  const lines = error.stderr.split('\n').filter((line) => line.trim() !== '');
  const line = lines.findLast((text) => text.startsWith('Error')) ?? lines.at(-1) ?? '';
  return line.replace(/^Error( response from registry)?:\s*/, '').trim();
}

/** For a message, whose reader needs the end as well: there oras says why. */
export function shortWords(error: Spoken): string {
  // Before they are shortened: half of a secret is not recognised as one.
  const words = withoutSecrets(wordsOf(error));
  return words.length > 300 ? `${words.slice(0, 150)}…${words.slice(-150)}` : words;
}
