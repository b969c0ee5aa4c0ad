/** PEM as users pass it on: in variables, inputs of workflows and secret stores, which change its line ends. */

const BEGIN = '-----BEGIN ';
const BLOCK = /(-----BEGIN [A-Z0-9 ]+-----)([^-]*)(-----END [A-Z0-9 ]+-----)/g;

/** Whether a text is PEM itself, in any form that {@link plainPem} undoes, and not a path. */
export function isPemText(text: string): boolean {
  return text.includes(BEGIN) || decoded(text) !== undefined;
}

/**
 * PEM with real line ends. What is undone: base64 around the whole text, quotes around it, `\n` written as
 * two characters, and line ends that are spaces or missing. Any other text is returned as it is.
 */
export function plainPem(text: string): string {
  const pem = decoded(text) ?? text;
  if (!pem.includes(BEGIN)) return text;
  return pem
    .replace(/^\s*(["'])([\s\S]*)\1\s*$/, '$2')
    .replaceAll(/(?:\\r)?\\n/g, '\n')
    .replaceAll(BLOCK, (block, begin: string, body: string, end: string) => {
      // A line of a header (RFC 1421) has a colon: where it ended cannot be told.
      if (/[\r\n:]/.test(body)) return block;
      const lines = body.replaceAll(/\s/g, '').match(/.{1,64}/g) ?? [];
      return `\n${[begin, ...lines, end].join('\n')}\n`;
    });
}

/** What a base64 text holds if that is PEM. */
function decoded(text: string): string | undefined {
  const base64 = text.replaceAll(/\s|\\n/g, '');
  if (!/^[A-Za-z0-9+/]{40,}={0,2}$/.test(base64)) return undefined;
  const inner = Buffer.from(base64, 'base64').toString('latin1');
  return inner.includes(BEGIN) ? inner : undefined;
}

/**
 * The items of a list, of which some may be PEM: a PEM text goes to the end of its last block, and any
 * other item ends at a comma or at the end of its line. Text between the blocks, which openssl and others
 * write to explain them, is no item: it has a blank, an equals sign or a number sign.
 */
export function splitPemList(text: string): string[] {
  if (!isPemText(text)) return splitItems(text);
  const items: string[] = [];
  let block: string[] | undefined;
  for (const line of text.split(/\r?\n/)) {
    const trimmed = line.trim();
    if (block === undefined && !trimmed.includes(BEGIN)) {
      if (isPemText(trimmed)) items.push(trimmed);
      else if (!/[\s=#]/.test(trimmed)) items.push(...splitItems(trimmed));
      continue;
    }
    block = [...(block ?? []), line];
    if (!trimmed.includes('-----END ')) continue;
    items.push(block.join('\n'));
    block = undefined;
  }
  return block === undefined ? items : [...items, block.join('\n')];
}

function splitItems(text: string): string[] {
  const items = text.split(/[\r\n,]+/).map((item) => item.trim());
  return [...new Set(items)].filter((item) => item !== '');
}
