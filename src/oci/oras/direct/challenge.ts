/** What a registry wants in `authorization`. */
export type Challenge =
  | { scheme: 'basic' }
  /** A token that a server at `realm` issues. */
  | { scheme: 'bearer'; realm: string; service: string | undefined; scope: string | undefined };

/** A parameter; registries write the value in quotes, and some without. [RFC 9110, 5.6.6] */
const PARAMETER = /([a-z_]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))/gi;
const BEARER = new RegExp(`(?:^|,)\\s*Bearer\\s+((?:${PARAMETER.source}\\s*,?\\s*)+)`, 'i');

/**
 * The challenge in `www-authenticate`; a token where both are offered. Undefined without one that registries use.
 * [RFC 9110, 11.6.1; distribution, "Token Authentication Specification"]
 */
export function parseChallenge(header = ''): Challenge | undefined {
  const bearer = BEARER.exec(header)?.[1];
  if (bearer !== undefined) {
    const found = Object.fromEntries(
      [...bearer.matchAll(PARAMETER)].map(([, name = '', quoted, plain = '']) => [
        name.toLowerCase(),
        quoted?.replaceAll(/\\(.)/g, '$1') ?? plain,
      ]),
    );
    const { realm, service, scope } = found;
    if (realm !== undefined) return { scheme: 'bearer', realm, service, scope };
  }
  return /(?:^|,)\s*Basic\b/i.test(header) ? { scheme: 'basic' } : undefined;
}
