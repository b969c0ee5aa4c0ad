/** What kind of failure it was; decides the exit status (see EXIT_STATUS). */
export type ErrorCode = 
/** An option, input or reference is wrong. */
'usage'
/** The image or one of its layers is damaged, or of a kind that cannot be signed. */
 | 'image'
/** A tool, a privilege, the disk or the machine does not meet the requirements. */
 | 'environment'
/** The key, the certificate chain or the key holder is not usable. */
 | 'key'
/** The registry or layout refused a request, failed, or lost what was written to it. */
 | 'registry'
/** A signal or the caller ended the run. */
 | 'cancelled'
/** A kernel would not enforce the image, or would not run it. */
 | 'not-enforced' | FailedVerdict;
/** Verdicts of `verify` that end a command which works on verified images only. */
export type FailedVerdict = (typeof FAILED_VERDICTS)[number];
declare const FAILED_VERDICTS: readonly ['not-signed', 'invalid', 'not-trusted', 'unchecked'];
export declare function isFailedVerdict(code: ErrorCode): code is FailedVerdict;
/** Exit status of the CLI for each code. 1 is reserved for defects of this program. */
export declare const EXIT_STATUS: Readonly<Record<ErrorCode, number>>;
/** Where an error happened. The commands fill it in; the engines need not know it. */
export interface ErrorContext {
    /** The image as the user named it, with its digest once that is known. */
    image?: string;
    /** The layer, such as `layer 3 (sha256:…)`. */
    layer?: string;
}
export interface ErrorOptions {
    /** What the user can do: an imperative sentence without a full stop. */
    remedy?: string;
    cause?: unknown;
}
/** The text with each PEM block replaced: it may be a key that was given in place of something else. */
export declare function withoutPem(text: string): string;
/**
 * A message without what may be a secret, whoever wrote its parts: PEM blocks, users and queries of URLs, and
 * credentials of requests. Results are no messages: a URL in them keeps its query.
 */
export declare function withoutSecrets(text: string): string;
/** What to do when the system allows no more open files, processes or memory. */
export declare const SYSTEM_LIMIT_REMEDY = "Lower concurrency, or raise the limits on open files and processes (ulimit -n, ulimit -u)";
/** Whether an error comes from such a limit. */
export declare function isSystemLimit(error: unknown): boolean;
/** A failure that the user can act on. Any other exception is a defect of this program. */
export declare class VeritySignError extends Error {
    readonly code: ErrorCode;
    readonly remedy: string | undefined;
    readonly context: ErrorContext;
    constructor(code: ErrorCode, message: string, options?: ErrorOptions);
    /** The exit status that the CLI has for this code. */
    get exitStatus(): number;
    /** One line: image, layer, what happened, what to do (see {@link remedyOf}). */
    toLine(): string;
}
/**
 * What to do about an error: what it says itself, or what its kind suggests; undefined after a signal. Whatever
 * was refused because of a limit of the system, its remedy is that of the limit.
 */
export declare function remedyOf(error: VeritySignError): string | undefined;
/** Runs `work` and adds `context` to an error that it throws; a context that is there already is kept. */
export declare function inContext<T>(context: ErrorContext, work: () => Promise<T>): Promise<T>;
/** The line and the exit status for anything that was thrown. */
export declare function describeError(error: unknown): {
    line: string;
    status: number;
};
export {};
