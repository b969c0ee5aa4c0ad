import { isExcluded } from './exclusions.ts';
import { type Change, changesOf, type TextOf } from './mutators.ts';
import { childrenOf, parseModule, type SyntaxNode } from './syntax.ts';

/** A source with one change. */
export interface Mutant {
  /** Path from the root of the checkout. */
  file: string;
  line: number;
  /** Bytes of the line before the change. */
  column: number;
  kind: string;
  /** The changed text and what replaces it. */
  before: string;
  after: string;
  /** The whole line, without the blanks around it. */
  context: string;
  /** The source as the mutant has it. */
  source: string;
  original: string;
}

/** All mutants of a source. Types, imports, comments and the texts of errors have none. */
export function mutantsOf(file: string, source: string): Mutant[] {
  const bytes = Buffer.from(source);
  const textOf: TextOf = ({ start, end }) => bytes.toString('utf8', start, end);
  return parseModule(source)
    .flatMap((statement) => changesIn(statement, textOf))
    .map(({ kind, start, end, after }) => {
      const from = bytes.lastIndexOf('\n', start) + 1;
      const to = bytes.indexOf('\n', start);
      return {
        file,
        line: bytes.subarray(0, start).filter((byte) => byte === 0x0a).length + 1,
        column: start - from,
        kind,
        before: textOf({ start, end }),
        after,
        context: textOf({ start: from, end: to === -1 ? bytes.length : to }).trim(),
        source: `${textOf({ start: 0, end: start })}${after}${textOf({ start: end, end: bytes.length })}`,
        original: source,
      };
    });
}

function changesIn(node: SyntaxNode, textOf: TextOf): Change[] {
  const inner = isExcluded(node, textOf)
    ? []
    : [...changesOf(node, textOf), ...childrenOf(node).flatMap((child) => changesIn(child, textOf))];
  // Without its error the rest of the function runs: a check that is missing.
  if (node.type === 'ThrowStatement' && node.role !== 'consequent')
    return [{ kind: 'statement', start: node.start, end: node.end, after: ';' }];
  return inner;
}
