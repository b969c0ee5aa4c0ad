/** What a registry wants in `authorization`. */
export type Challenge =
  | { scheme: 'basic' }
  /** A token that a server at `realm` issues. */
  | { scheme: 'bearer'; realm: string; service: string | undefined; scope: string | undefined };

/**
 * The challenge in `www-authenticate`; a token where both are offered. Undefined without one that registries use.
 * [RFC 9110, 11.6.1; distribution, "Token Authentication Specification"]
 */
export function parseChallenge(header: string | undefined): Challenge | undefined {
  const bearer = /(?:^|,)\s*Bearer\s+((?:[a-z_]+="[^"]*"\s*,?\s*)+)/i.exec(header ?? '')?.[1];
  if (bearer !== undefined) {
    const found = Object.fromEntries(
      [...bearer.matchAll(/([a-z_]+)="([^"]*)"/gi)].map(([, name = '', value]) => [
        name.toLowerCase(),
        value,
      ]),
    );
    const { realm, service, scope } = found;
    if (realm !== undefined) return { scheme: 'bearer', realm, service, scope };
  }
  return /(?:^|,)\s*Basic\b/i.test(header ?? '') ? { scheme: 'basic' } : undefined;
}
