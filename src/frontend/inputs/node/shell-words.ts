import { VeritySignError } from '../../../errors.ts';

/**
 * The words of a command as a POSIX shell splits it: blanks separate words, quotes and backslashes quote. Nothing is
 * expanded, and what a shell would take for an operator is a part of a word.
 * [POSIX.1-2024, XCU 2.2 Quoting]
 * @param label names the value in messages
 * @throws VeritySignError 'usage' for an unfinished quote, and for a text without words
 */
export function shellWords(text: string, label: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let at = 0;
  while (at < text.length) {
    const character = text.charAt(at);
    if (/[ \t\n]/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      at += 1;
      continue;
    }
    const piece = pieceAt(text, at, label);
    word = (word ?? '') + piece.value;
    // A backslash before a line end joins lines, and begins no word.
    if (word === '' && piece.isContinuation) word = undefined;
    at = piece.end;
  }
  if (word !== undefined) words.push(word);
  if (words.length > 0) return words;
  throw wrong(label, 'has no words', 'Write the program and its arguments, or omit it');
}

interface Piece {
  value: string;
  end: number;
  isContinuation?: boolean;
}

/** What one quoted part, or one character without quotes, stands for. */
function pieceAt(text: string, at: number, label: string): Piece {
  const character = text.charAt(at);
  if (character === "'") {
    const end = text.indexOf("'", at + 1);
    if (end === -1) throw unfinished(label, "'");
    return { value: text.slice(at + 1, end), end: end + 1 };
  }
  if (character === '"') return doubleQuoted(text, at + 1, label);
  if (character !== '\\') return { value: character, end: at + 1 };
  const next = text.charAt(at + 1);
  if (next === '')
    throw wrong(label, 'ends with a backslash', 'Quote the backslash, or complete the command');
  return next === '\n' ? { value: '', end: at + 2, isContinuation: true } : { value: next, end: at + 2 };
}

function doubleQuoted(text: string, from: number, label: string): Piece {
  let value = '';
  for (let at = from; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '"') return { value, end: at + 1 };
    const next = text.charAt(at + 1);
    if (character === '\\' && next !== '' && '$`"\\\n'.includes(next)) {
      if (next !== '\n') value += next;
      at += 1;
    } else value += character;
  }
  throw unfinished(label, '"');
}

function unfinished(label: string, quote: string): VeritySignError {
  return wrong(label, `has an unfinished quote (${quote})`, 'Close it, or write a backslash before it');
}

function wrong(label: string, what: string, remedy: string): VeritySignError {
  return new VeritySignError('usage', `${label} ${what}`, { remedy });
}
