import type { HttpResponse } from '../../../lib/http/exchange.ts';

/** An answer that means failure; the words are those of oras-go, by which failures are recognised. */
export class AnswerError extends Error {
  readonly status: number;

  constructor(method: string, { url, status, body }: HttpResponse) {
    const reason = reasonIn(body);
    super(`${method} "${url.origin}${url.pathname}": response status code ${status}${reason}`);
    this.status = status;
  }

  /** Whether the same request may succeed later. */
  get isTransient(): boolean {
    return this.status === 429 || (this.status >= 500 && this.status !== 501);
  }
}

/** The code and message of the first error in an answer. [distribution-spec, "Error Codes"] */
function reasonIn(body: Buffer): string {
  const text = body.subarray(0, 4096).toString();
  const code = /"code"\s*:\s*"([\w ]{1,80})"/.exec(text)?.[1]?.toLowerCase().replaceAll('_', ' ');
  const message = /"message"\s*:\s*"([^"\\]{1,200})"/.exec(text)?.[1];
  return [code, message].flatMap((part) => (part === undefined ? [] : [`: ${part}`])).join('');
}
