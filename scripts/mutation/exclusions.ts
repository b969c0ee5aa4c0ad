import { childIn, type SyntaxNode } from './syntax.ts';

/** Properties that hold text for people. */
const TEXTS = new Set(['message', 'remedy', 'reason', 'cause', 'detail']);
/** Results that are texts or errors: a function that returns one only words it. */
const WORDING = /^(?:VeritySignError|FormatError|TypeError|RangeError|Error|never)$/;

/**
 * Whether nothing in the node is mutated: texts of errors and logs, and what is not executed. No test
 * compares the whole wording, and none should.
 */
export function isExcluded(node: SyntaxNode, textOf: (node: SyntaxNode) => string): boolean {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
    case 'TemplateLiteral':
    case 'ThrowStatement':
      return true;
    case 'NewExpression':
      return /Error$/.test(calleeOf(node, textOf));
    case 'CallExpression':
      return isLogged(node, textOf);
    case 'ExpressionStatement':
      return isLogged(childIn(node, 'expression') ?? node, textOf);
    case 'KeyValueProperty':
      return TEXTS.has(keyOf(node, textOf));
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
    case 'ClassMethod':
    case 'PrivateMethod':
      return wordsOnly(node);
    default:
      return false;
  }
}

function isLogged(node: SyntaxNode, textOf: (node: SyntaxNode) => string): boolean {
  return /^(?:log|console)\b|\.log\b/.test(calleeOf(node, textOf));
}

function calleeOf(node: SyntaxNode, textOf: (node: SyntaxNode) => string): string {
  const callee = childIn(node, 'callee');
  return callee === undefined ? '' : textOf(callee);
}

function keyOf(node: SyntaxNode, textOf: (node: SyntaxNode) => string): string {
  const key = childIn(node, 'key');
  return key === undefined ? '' : textOf(key);
}

/** Whether the declared result is an error. */
function wordsOnly(node: SyntaxNode): boolean {
  const holder = (node.fields.function ?? node.fields) as { returnType?: unknown };
  const name = typeName(holder.returnType);
  return name !== undefined && WORDING.test(name);
}

/** Name of a type annotation that is a single name. */
function typeName(annotation: unknown): string | undefined {
  const type = (
    annotation as
      | { typeAnnotation?: { type?: string; kind?: string; typeName?: { value?: string } } }
      | undefined
  )?.typeAnnotation;
  if (type?.type === 'TsKeywordType') return type.kind;
  return type?.type === 'TsTypeReference' ? type.typeName?.value : undefined;
}
