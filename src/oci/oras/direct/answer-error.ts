import type { HttpResponse } from '../../../lib/http/exchange.ts';
import { redactor } from '../../../lib/process/run.ts';

/** An answer that means failure; the words are those of oras-go, by which failures are recognised. */
export class AnswerError extends Error {
  readonly status: number;

  /** @param secrets what the request was authorized with: the answer may repeat it */
  constructor(method: string, { url, status, body }: HttpResponse, secrets: readonly string[] = []) {
    const reason = reasonIn(redactor(secrets)(body.subarray(0, 4096).toString()));
    super(`${method} "${url.origin}${url.pathname}": response status code ${status}${reason}`);
    this.status = status;
  }

  /** Whether the same request may succeed later. */
  get isTransient(): boolean {
    return this.status === 429 || (this.status >= 500 && this.status !== 501);
  }
}

/** The code and message of the first error in the text of an answer. [distribution-spec, "Error Codes"] */
function reasonIn(text: string): string {
  const code = /"code"\s*:\s*"([\w ]{1,80})"/.exec(text)?.[1]?.toLowerCase().replaceAll('_', ' ');
  const message = /"message"\s*:\s*"([^"\\]{1,200})"/.exec(text)?.[1];
  return [code, message].flatMap((part) => (part === undefined ? [] : [`: ${part}`])).join('');
}
