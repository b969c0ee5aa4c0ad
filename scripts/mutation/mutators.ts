import { childIn, type SyntaxNode } from './syntax.ts';

/** A change of a node's text. */
export interface Change {
  kind: string;
  /** Bytes of the source that are replaced. */
  start: number;
  end: number;
  after: string;
}

/** Reads the text of a node, or of a range in bytes. */
export type TextOf = (range: { start: number; end: number }) => string;

const OPERATORS: Readonly<Record<string, readonly string[]>> = {
  '===': ['!=='],
  '!==': ['==='],
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '&&': ['||'],
  '||': ['&&'],
  '??': ['&&'],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '&': ['|'],
  '|': ['&'],
  '<<': ['>>'],
  '>>': ['<<'],
  '>>>': ['<<'],
  '+=': ['-='],
  '-=': ['+='],
  '++': ['--'],
  '--': ['++'],
  '??=': ['='],
};
/** Methods with a counterpart that takes the same arguments. */
const METHODS: Readonly<Record<string, string>> = {
  some: 'every',
  every: 'some',
  startsWith: 'endsWith',
  endsWith: 'startsWith',
  find: 'findLast',
  findIndex: 'findLastIndex',
  indexOf: 'lastIndexOf',
  lastIndexOf: 'indexOf',
  min: 'max',
  max: 'min',
  ceil: 'floor',
  floor: 'ceil',
  push: 'unshift',
  shift: 'pop',
  pop: 'shift',
};
/** Methods without which the value has the same type. */
const OMITTED = new Set([
  'filter',
  'sort',
  'toSorted',
  'reverse',
  'toReversed',
  'slice',
  'subarray',
  'trim',
  'toLowerCase',
]);

/** The mutants of a node itself, without those of the nodes in it. */
export function changesOf(node: SyntaxNode, textOf: TextOf): Change[] {
  switch (node.type) {
    case 'BinaryExpression':
    case 'AssignmentExpression':
      return binary(node, textOf);
    case 'UpdateExpression':
      return update(node);
    case 'UnaryExpression':
      return node.fields.operator === '!' ? [replaced('negation', node, textOf(operand(node)))] : [];
    case 'BooleanLiteral':
      return [replaced('boolean', node, String(node.fields.value !== true))];
    case 'NumericLiteral':
      return number(node);
    case 'StringLiteral':
      return text(node);
    case 'RegExpLiteral':
      return anchors(node, textOf(node));
    case 'IfStatement':
    case 'ConditionalExpression':
    case 'WhileStatement':
      return conditions(node);
    case 'CallExpression':
      return methods(node, textOf);
    case 'ExpressionStatement':
      return statement(node);
    default:
      return [];
  }
}

function replaced(kind: string, { start, end }: SyntaxNode, after: string): Change {
  return { kind, start, end, after };
}

function operand(node: SyntaxNode): SyntaxNode {
  return childIn(node, 'argument') ?? node;
}

function binary(node: SyntaxNode, textOf: TextOf): Change[] {
  const { operator } = node.fields as { operator: string };
  const [left, right] = [childIn(node, 'left'), childIn(node, 'right')];
  if (left === undefined || right === undefined) return [];
  if (operator === '+' && [left, right].some(isText)) return [];
  const gap = Buffer.from(textOf({ start: left.end, end: right.start }));
  const start = left.end + gap.indexOf(operator);
  const end = start + operator.length;
  return (OPERATORS[operator] ?? []).map((after) => ({ kind: 'operator', start, end, after }));
}

function isText({ type }: SyntaxNode): boolean {
  return type === 'StringLiteral' || type === 'TemplateLiteral';
}

function update(node: SyntaxNode): Change[] {
  const { operator, prefix } = node.fields as { operator: string; prefix: boolean };
  const start = prefix ? node.start : node.end - operator.length;
  const end = start + operator.length;
  return (OPERATORS[operator] ?? []).map((after) => ({ kind: 'operator', start, end, after }));
}

/** Larger numbers are limits, one more or less of which matters to nobody. */
const SMALL = 100;

function number(node: SyntaxNode): Change[] {
  const value = Number(node.fields.value);
  return isKey(node) || value > SMALL ? [] : [replaced('number', node, String(value + 1))];
}

/** A text with blanks is a message. Empty ones and keys stay. */
function text(node: SyntaxNode): Change[] {
  const { value } = node.fields as { value: string };
  return value === '' || /\s/.test(value) || isKey(node) ? [] : [replaced('text', node, "''")];
}

function isKey({ role }: SyntaxNode): boolean {
  return role === 'key';
}

function anchors(node: SyntaxNode, written: string): Change[] {
  const end = written.lastIndexOf('/');
  const changes: Change[] = [];
  if (written[1] === '^') changes.push(replaced('anchor', node, `/${written.slice(2)}`));
  if (written[end - 1] === '$' && written[end - 2] !== '\\')
    changes.push(replaced('anchor', node, `${written.slice(0, end - 1)}${written.slice(end)}`));
  return changes;
}

/** A loop that never ends would only cost time. */
function conditions(node: SyntaxNode): Change[] {
  const test = childIn(node, 'test');
  if (test === undefined || test.type === 'BooleanLiteral') return [];
  const values = node.type === 'WhileStatement' ? ['false'] : ['true', 'false'];
  return values.map((value) => replaced('condition', test, value));
}

function methods(node: SyntaxNode, textOf: TextOf): Change[] {
  const callee = childIn(node, 'callee');
  if (callee?.type !== 'MemberExpression') return [];
  const [object, property] = [childIn(callee, 'object'), childIn(callee, 'property')];
  if (object === undefined || property === undefined) return [];
  const name = textOf(property);
  const other = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
  const changes = other === undefined ? [] : [replaced('method', property, other)];
  if (OMITTED.has(name)) changes.push(replaced('omitted call', node, textOf(object)));
  return changes;
}

/** Calls and assignments whose result is not used. */
function statement(node: SyntaxNode): Change[] {
  const expression = childIn(node, 'expression');
  const inner = expression?.type === 'AwaitExpression' ? childIn(expression, 'argument') : expression;
  if (inner === undefined || !/^(?:Call|Assignment|Unary)Expression$/.test(inner.type)) return [];
  return childIn(inner, 'callee')?.type === 'Super' ? [] : [replaced('statement', node, ';')];
}
