import { VeritySignError } from '../errors.ts';

/** The properties of a trust policy. */
const KNOWN = [
  'version',
  'trustPolicies',
  'name',
  'registryScopes',
  'signatureVerification',
  'level',
  'override',
  'verifyTimestamp',
  'trustStores',
  'trustedIdentities',
];
/** As Go folds letters: `ſ` is an `s`, the Kelvin sign a `k`. */
const fold = (text: string): string => text.toUpperCase().toLowerCase();
const BY_FOLDED = new Map(KNOWN.map((name) => [fold(name), name]));

/**
 * Refuses property names in other letters than the specification's: notation reads JSON with Go, which
 * takes `Level` for `level` and lets the later of both win, so the policy would mean different things.
 * @throws VeritySignError 'usage'
 */
export function checkLetterCase(document: unknown): void {
  // Statements are two levels down, and what they hold one more.
  let values: unknown[] = [document];
  for (let depth = 0; depth < 4; depth++) {
    const objects = values.filter((value) => typeof value === 'object' && value !== null);
    for (const key of objects
      .filter((value) => !Array.isArray(value))
      .flatMap((value) => Object.keys(value))) {
      const name = BY_FOLDED.get(fold(key));
      if (name !== undefined && name !== key) throw refused(key, name);
    }
    values = objects.flatMap((value) => Object.values(value));
  }
}

function refused(key: string, name: string): VeritySignError {
  return new VeritySignError('usage', `the trust policy has ${JSON.stringify(key)} where ${name} is meant`, {
    remedy: `Write ${name}`,
  });
}
