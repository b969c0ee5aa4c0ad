import { parseSync } from '@swc/core';

/** A node of swc's syntax tree. `start` and `end` are bytes of the source in UTF-8. */
export interface SyntaxNode {
  type: string;
  start: number;
  end: number;
  fields: Readonly<Record<string, unknown>>;
  /** Name of the parent's field in which this node is. */
  role: string;
}

interface RawNode {
  type: string;
  /** Properties of an object have none. */
  span?: { start: number; end: number };
}

const SYNTAX = { syntax: 'typescript', target: 'es2024' } as const;
/** TypeScript around an expression; all other nodes whose type begins with `Ts` are types. */
const AROUND_EXPRESSION = new Set([
  'TsAsExpression',
  'TsNonNullExpression',
  'TsSatisfiesExpression',
  'TsConstAssertion',
]);
/** Positions, the numbers of scopes (`ctxt`) and types: nothing in them is executed. */
const NOT_WALKED = new Set([
  'span',
  'ctxt',
  'typeAnnotation',
  'typeParams',
  'typeParameters',
  'returnType',
  'typeArguments',
]);

/** What swc adds to each position in a node's source. */
const shifts = new WeakMap<SyntaxNode, number>();

/** The statements of a module. Throws if it is not TypeScript. */
export function parseModule(source: string): SyntaxNode[] {
  // Positions count from a number that swc chooses: a statement put in front says which.
  const [first, ...body] = parseSync(`;${source}`, SYNTAX).body;
  const shift = (first?.span.start ?? 0) + 1;
  return body.map((statement) => nodeOf(statement as RawNode, 'body', shift));
}

/** The nodes directly below a node that are executed, in the order of swc's fields. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  return Object.entries(node.fields).flatMap(([role, value]) => valuesOf(value, role, node));
}

/** The node in a field; undefined if there is none. */
export function childIn(node: SyntaxNode, role: string): SyntaxNode | undefined {
  return valuesOf(node.fields[role], role, node)[0];
}

function valuesOf(value: unknown, role: string, parent: SyntaxNode): SyntaxNode[] {
  if (NOT_WALKED.has(role) || typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((one) => valuesOf(one, role, parent));
  if (isRawNode(value)) {
    if (value.type.startsWith('Ts') && !AROUND_EXPRESSION.has(value.type)) return [];
    return [nodeOf(value, role, shifts.get(parent) ?? 0)];
  }
  // Arguments and elements of arrays are in objects without a type.
  return Object.values(value).flatMap((one) => valuesOf(one, role, parent));
}

function nodeOf(raw: RawNode, role: string, shift: number): SyntaxNode {
  const { type, span } = raw;
  const { start, end } = span ?? { start: shift, end: shift };
  const node = { type, start: start - shift, end: end - shift, fields: { ...raw }, role };
  shifts.set(node, shift);
  return node;
}

function isRawNode(value: object): value is RawNode {
  return 'type' in value && typeof value.type === 'string';
}
