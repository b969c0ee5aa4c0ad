/**
 * How Go compares names: encoding/json matches a name of a document with a field's name by simple case
 * folding, if no field has exactly that name. [Go encoding/json fold.go; Unicode CaseFolding.txt, C and S]
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

function isOne(text: string): boolean {
  return text.length === String.fromCodePoint(text.codePointAt(0) ?? 0).length;
}
