import { FormatError } from '../../../formats/format-error.ts';
import { Cursor, type Element } from './der.ts';
import { TAG } from './der-rules.ts';

/** Takes the fields of a SEQUENCE, SET or EXPLICIT tag one after the other, and reads no further. */
export class Fields {
  readonly #cursor: Cursor;
  readonly #name: string;
  #next: Element | undefined;

  /** @param name For messages: what the fields belong to, such as `the SignerInfo`. */
  constructor(element: Element, name: string) {
    this.#cursor = new Cursor(element.content);
    this.#name = name;
    this.#advance();
  }

  get next(): Element | undefined {
    return this.#next;
  }

  /** @throws FormatError if the next field has another tag. */
  take(tag: number, field: string): Element {
    const element = this.takeIf(tag);
    if (element === undefined) throw new FormatError(`lacks the ${field} of ${this.#name}`);
    return element;
  }

  takeIf(tag: number): Element | undefined {
    return this.next?.tag === tag ? this.takeAny() : undefined;
  }

  /** The next field, whatever its tag. */
  takeAny(): Element | undefined {
    const element = this.#next;
    if (element !== undefined) this.#advance();
    return element;
  }

  /** @throws FormatError if a field is left. */
  end(): void {
    if (this.next !== undefined) throw new FormatError(`has more fields in ${this.#name} than it may have`);
  }

  #advance(): void {
    this.#next = this.#cursor.next() ? this.#cursor.element() : undefined;
  }
}

/** The fields of an element that must be a SEQUENCE. */
export function fieldsOf(element: Element | undefined, name: string): Fields {
  if (element?.tag !== TAG.sequence) throw new FormatError(`has no SEQUENCE where ${name} belongs`);
  return new Fields(element, name);
}

/** The one element inside an EXPLICIT tag. */
export function unwrap(wrapper: Element, tag: number, name: string): Element {
  const fields = new Fields(wrapper, name);
  const element = fields.take(tag, 'content');
  fields.end();
  return element;
}
