// A strict stand-in for the expressions of GitHub Actions: it refuses what it does not know.

/** The contexts of an expression and, where they have a meaning, the status functions. */
export interface Scope {
  contexts: Readonly<Record<string, unknown>>;
  /** Results of the steps or jobs before. */
  status: 'success' | 'failure' | 'cancelled';
}

const TOKEN = /\s*(?:('(?:[^']|'')*')|(\d+(?:\.\d+)?)|(\|\||&&|==|!=|!|\(|\)|\.|,|\*)|([A-Za-z_][\w-]*))/y;

/** Value of a string with `${{ }}` in it: the value itself if there is nothing else, else a string. */
export function interpolate(text: string, scope: Scope): unknown {
  const whole = /^\$\{\{((?:(?!\}\}).)*)\}\}$/s.exec(text);
  if (whole?.[1] !== undefined) return evaluate(whole[1], scope);
  return text.replace(/\$\{\{(.*?)\}\}/gs, (_, expression: string) => asText(evaluate(expression, scope)));
}

export function asText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'object') throw new Error('an object where text is needed');
  return String(value);
}

export function isTrue(value: unknown): boolean {
  return !(value === null || value === undefined || value === '' || value === false || value === 0);
}

/** Whether a condition names a status function; without one, `success()` is meant as well. */
export function namesStatus(condition: string): boolean {
  return /\b(always|success|failure|cancelled)\(\)/.test(condition);
}

export function evaluate(text: string, scope: Scope): unknown {
  const tokens = tokenize(text);
  let next = 0;
  const peek = (): string | undefined => tokens[next];
  const take = (expected?: string): string => {
    const token = tokens[next];
    if (token === undefined || (expected !== undefined && token !== expected)) {
      throw new Error(`cannot read the expression: ${text}`);
    }
    next += 1;
    return token;
  };

  const or = (): unknown => {
    let value = and();
    while (peek() === '||') {
      take();
      const other = and();
      value = isTrue(value) ? value : other;
    }
    return value;
  };
  const and = (): unknown => {
    let value = comparison();
    while (peek() === '&&') {
      take();
      const other = comparison();
      value = isTrue(value) ? other : value;
    }
    return value;
  };
  const comparison = (): unknown => {
    const left = unary();
    const operator = peek();
    if (operator !== '==' && operator !== '!=') return left;
    take();
    const right = unary();
    if (typeof left !== typeof right) throw new Error(`compares values of different types: ${text}`);
    return (left === right) === (operator === '==');
  };
  const unary = (): unknown => {
    if (peek() === '!') {
      take();
      return !isTrue(unary());
    }
    if (peek() === '(') {
      take();
      const value = or();
      take(')');
      return value;
    }
    return primary();
  };
  const primary = (): unknown => {
    const token = take();
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
    if (/^\d/.test(token)) return Number(token);
    if (token === 'true' || token === 'false') return token === 'true';
    if (peek() === '(') return call(token);
    if (!(token in scope.contexts)) throw new Error(`unknown context ${token}: ${text}`);
    return path(scope.contexts[token]);
  };
  const call = (name: string): unknown => {
    take('(');
    const values: unknown[] = [];
    while (peek() !== ')') {
      values.push(or());
      if (peek() === ',') take();
    }
    take(')');
    switch (`${name}/${values.length}`) {
      case 'always/0':
        return true;
      case 'success/0':
      case 'failure/0':
      case 'cancelled/0':
        return scope.status === name;
      case 'toJSON/1':
        return JSON.stringify(values[0], undefined, 2);
      case 'fromJSON/1':
        return JSON.parse(asText(values[0]));
      case 'contains/2':
        return asText(values[0]).toLowerCase().includes(asText(values[1]).toLowerCase());
      case 'startsWith/2':
        return asText(values[0]).toLowerCase().startsWith(asText(values[1]).toLowerCase());
      default:
        throw new Error(`unknown function ${name}: ${text}`);
    }
  };
  const path = (from: unknown): unknown => {
    let value = from;
    while (peek() === '.') {
      take();
      const name = take();
      if (name === '*') value = Object.values(value as object);
      else if (Array.isArray(value)) value = value.map((one: unknown) => property(one, name));
      else value = property(value, name);
    }
    return value;
  };
  const property = (of: unknown, name: string): unknown => {
    if (of === null || typeof of !== 'object') throw new Error(`no object before .${name}: ${text}`);
    if (name in of) return (of as Record<string, unknown>)[name];
    // A step sets outputs as it likes; all else is declared somewhere.
    if (OPEN in of) return '';
    throw new Error(`nothing has the name ${name}: ${text}`);
  };

  const value = or();
  if (next !== tokens.length) throw new Error(`cannot read the expression: ${text}`);
  return value;
}

const OPEN = Symbol('may have other properties, which are empty');

/** An object whose absent properties are empty instead of unknown. */
export function open(values: Record<string, string>): object {
  return Object.defineProperty({ ...values }, OPEN, { value: true, enumerable: false });
}

function tokenize(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  const trimmed = text.trimEnd();
  while (TOKEN.lastIndex < trimmed.length) {
    const match = TOKEN.exec(trimmed);
    if (match === null) throw new Error(`cannot read the expression: ${text}`);
    tokens.push(match[0].trim());
  }
  return tokens;
}
