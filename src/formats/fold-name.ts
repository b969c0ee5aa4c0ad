/**
 * How Go compares names: encoding/json matches a name of a document with a field's name by simple case
 * folding, if no field has exactly that name. [Go encoding/json fold.go; Unicode CaseFolding.txt, C and S]
 * containerd compares the names of platforms in lowercase.
 */

/** The name in a form that is equal for all names that Go takes for the same field. */
export function foldName(name: string): string {
  return /^[ -~]*$/.test(name) ? name.toLowerCase() : Array.from(name, foldCharacter).join('');
}

/** `ſ` becomes `s`, the Kelvin sign becomes `k`. Mappings to several characters are none of simple folding. */
function foldCharacter(character: string): string {
  const upper = character.toUpperCase();
  return (isOne(upper) ? upper : character).toLowerCase();
}

/**
 * The text as Go's strings.ToLower makes it: one character for each, whatever is beside it. JavaScript makes
 * two of `İ`, and another `σ` at the end of a word. [Unicode UnicodeData.txt, Simple_Lowercase_Mapping]
 */
export function goLowercase(text: string): string {
  return Array.from(text, (character) => (character === 'İ' ? 'i' : character.toLowerCase())).join('');
}

function isOne(text: string): boolean {
  return text.length === String.fromCodePoint(text.codePointAt(0) ?? 0).length;
}
