import { run } from '../../src/lib/process/run.ts';
import { toolEnvironment, toolPath } from './tools.ts';

export type GoKind = 'manifest' | 'index' | 'config' | 'descriptor' | 'docker-save' | 'payload';

/** A document for the Go libraries that read documents of images. */
export interface GoDocument {
  kind: GoKind;
  /** The media type of the descriptor that names the document. */
  mediaType: string;
  bytes: Buffer;
}

/** What each library understood, by its name; or why it refuses the document. */
export type GoAnswer = Record<string, { seen?: unknown; error?: string }>;

/** Asks the Go libraries (scripts/tools/go-readers) about many documents. */
export async function askGo(documents: readonly GoDocument[]): Promise<GoAnswer[]> {
  const lines = documents.map(({ kind, mediaType, bytes }) =>
    JSON.stringify({ kind, mediaType, bytes: bytes.toString('base64') }),
  );
  const options = { env: toolEnvironment(), stdin: `${lines.join('\n')}\n`, maxOutput: 2 ** 29 };
  const { stdout } = await run([toolPath('go-readers')], options);
  return stdout
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as GoAnswer);
}

/** The sets of characters that encoding/json takes for the same. */
export async function goFolds(): Promise<string[][]> {
  const { stdout } = await run([toolPath('go-readers'), '-folds'], { env: toolEnvironment() });
  return stdout
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => Array.from(line));
}
