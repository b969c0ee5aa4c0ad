/** The extension nameConstraints of a CA. [RFC 5280, 4.2.1.10] */
import { FormatError } from '../../../formats/format-error.ts';
import { childrenOf, type Element, readDer } from '../asn1/der.ts';
import { TAG } from '../asn1/der-rules.ts';
import { Fields, fieldsOf } from '../asn1/fields.ts';
import type { Certificate } from '../certificate.ts';
import { EXTENSION } from '../extensions.ts';
import { type Comparable, formOf, type NameForm } from './name-forms.ts';

export interface Subtree {
  form: NameForm;
  /** `undefined` if it cannot be compared: names of its form are refused then. */
  base: Comparable;
}

export interface NameConstraints {
  permitted: readonly Subtree[];
  excluded: readonly Subtree[];
}

/**
 * NameConstraints ::= SEQUENCE { permittedSubtrees [0] OPTIONAL, excludedSubtrees [1] OPTIONAL }, not both
 * left out; `undefined` for a certificate without the extension.
 * @throws FormatError
 */
export function nameConstraintsOf({ extensions }: Certificate): NameConstraints | undefined {
  const extension = extensions.all.get(EXTENSION.nameConstraints);
  if (extension === undefined) return undefined;
  const fields = fieldsOf(readDer(extension.value), 'nameConstraints');
  const permitted = fields.takeIf(TAG.context0);
  const excluded = fields.takeIf(TAG.context1);
  fields.end();
  if (permitted === undefined && excluded === undefined) throw new FormatError('has empty nameConstraints');
  return { permitted: readSubtrees(permitted), excluded: readSubtrees(excluded) };
}

function readSubtrees(list: Element | undefined): Subtree[] {
  if (list === undefined) return [];
  const subtrees = childrenOf(list).map(readSubtree);
  if (subtrees.length === 0) throw new FormatError('has an empty list in nameConstraints');
  return subtrees;
}

/**
 * GeneralSubtree ::= SEQUENCE { base GeneralName, minimum [0] DEFAULT 0, maximum [1] OPTIONAL }. DER leaves
 * the default out, so either of the last two limits the subtree in a way that RFC 5280 does not have.
 */
function readSubtree(element: Element): Subtree {
  if (element.tag !== TAG.sequence) throw new FormatError('has a subtree that is not a SEQUENCE');
  const fields = new Fields(element, 'a subtree');
  const base = fields.takeAny();
  if (base === undefined) throw new FormatError('has a subtree without a base');
  const limited = [fields.takeIf(0x80), fields.takeIf(0x81)].some((limit) => limit !== undefined);
  fields.end();
  const form = formOf(base);
  return { form, base: limited ? undefined : form.readBase(base) };
}
