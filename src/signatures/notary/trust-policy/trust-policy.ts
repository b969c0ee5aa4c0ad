/**
 * notation's trust policy for images, version 1.0: `trustpolicy.oci.json`, formerly `trustpolicy.json`.
 * [notaryproject/specifications trust-store-trust-policy.md; notation-go verifier/trustpolicy]
 */
import * as z from 'zod';
import { VeritySignError } from '../../../errors.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { parseStrictJson } from '../../../formats/strict-json.ts';
import { quoted } from '../../../lib/printable.ts';
import { checkScope } from './policy-scope.ts';
import { checkTrustedIdentities } from './trusted-identity.ts';

export const VALIDATIONS = [
  'integrity',
  'authenticity',
  'authenticTimestamp',
  'expiry',
  'revocation',
] as const;
export type Validation = (typeof VALIDATIONS)[number];
export type Action = 'enforce' | 'log' | 'skip';
/** What to do about each validation that fails. */
export type Enforcement = Readonly<Record<Validation, Action>>;

export type LevelName = 'strict' | 'permissive' | 'audit' | 'skip';
export type StoreType = 'ca' | 'signingAuthority' | 'tsa';

export const LEVELS: Readonly<Record<LevelName, Enforcement>> = {
  strict: level('enforce', 'enforce', 'enforce'),
  permissive: level('enforce', 'enforce', 'log'),
  audit: level('enforce', 'log', 'log'),
  skip: level('skip', 'skip', 'skip'),
};

/** Without a trust policy all is enforced, but no server is asked about revocation. */
export const WITHOUT_POLICY: Enforcement = { ...LEVELS.strict, revocation: 'skip' };

function level(integrity: Action, authenticity: Action, others: Action): Enforcement {
  return { integrity, authenticity, authenticTimestamp: others, expiry: others, revocation: others };
}

/** One statement, checked. */
export interface TrustStatement {
  name: string;
  registryScopes: readonly string[];
  /** As written; `enforcement` has the overrides applied. */
  level: LevelName;
  enforcement: Enforcement;
  /** Whether a timestamp counts only once the signer's certificates have expired. */
  verifyTimestamp: 'always' | 'afterCertExpiry';
  trustStores: readonly { type: StoreType; name: string }[];
  /** `*`, or identities of which one must fit. */
  trustedIdentities: readonly string[];
}

const strings = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? []);

const statementSchema = z.looseObject({
  name: z.string().nullish(),
  registryScopes: strings,
  signatureVerification: z
    .looseObject({
      level: z.string().nullish(),
      override: z.record(z.string(), z.string()).nullish(),
      verifyTimestamp: z.string().nullish(),
    })
    .nullish(),
  trustStores: strings,
  trustedIdentities: strings,
});

const documentSchema = z.looseObject({
  version: z.string().nullish(),
  trustPolicies: z
    .array(statementSchema)
    .nullish()
    .transform((list) => list ?? []),
});

type RawStatement = z.output<typeof statementSchema>;

/** Bytes of a trust policy. */
export const MAX_POLICY_SIZE = 4 * 1024 * 1024;

/**
 * Parses and checks a trust policy by every rule of notation.
 * @throws VeritySignError 'usage' with the first rule that it breaks.
 */
export function parseTrustPolicy(bytes: Uint8Array): TrustStatement[] {
  const { version, trustPolicies } = parseDocument(bytes);
  if (!version) throw wrong('it has no version');
  if (version !== '1.0') throw wrong(`its version ${quoted(version)} is not supported`);
  if (trustPolicies.length === 0) throw wrong('it has no statement');
  const statements: TrustStatement[] = [];
  const names = new Set<string>();
  for (const raw of trustPolicies) {
    const statement = checkStatement(raw);
    if (names.has(statement.name)) throw wrong(`two statements have the name ${quoted(statement.name)}`);
    names.add(statement.name);
    statements.push(statement);
  }
  checkScopes(statements);
  return statements;
}

function parseDocument(bytes: Uint8Array): z.output<typeof documentSchema> {
  if (bytes.length > MAX_POLICY_SIZE)
    throw wrong(`it has ${bytes.length} bytes, the limit is ${MAX_POLICY_SIZE}`);
  try {
    return parseStrictJson(documentSchema, bytes, 'a text');
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw wrong(`it ${cause.message}`, cause);
  }
}

function checkStatement(raw: RawStatement): TrustStatement {
  const { name, registryScopes, signatureVerification, trustStores, trustedIdentities } = raw;
  if (!name) throw wrong('a statement has no name');
  const broken = (what: string): VeritySignError => wrong(`statement ${quoted(name)} ${what}`);
  const { levelName, enforcement } = levelOf(signatureVerification ?? {}, broken);
  const verifyTimestamp = signatureVerification?.verifyTimestamp || 'always';
  if (verifyTimestamp !== 'always' && verifyTimestamp !== 'afterCertExpiry') {
    throw broken(`has the verifyTimestamp ${quoted(verifyTimestamp)}, not always or afterCertExpiry`);
  }
  if (levelName === 'skip' && trustStores.length + trustedIdentities.length > 0) {
    throw broken('has the level skip, but trust stores or trusted identities');
  }
  if (levelName !== 'skip' && (trustStores.length === 0 || trustedIdentities.length === 0)) {
    throw broken('lacks trust stores or trusted identities');
  }
  const stores = trustStores.map((store) => parseStore(store, broken));
  checkTrustedIdentities(trustedIdentities, broken);
  return {
    name,
    registryScopes,
    level: levelName,
    enforcement,
    verifyTimestamp,
    trustStores: stores,
    trustedIdentities,
  };
}

type Broken = (what: string) => VeritySignError;

function levelOf(
  { level: text, override }: NonNullable<RawStatement['signatureVerification']>,
  broken: Broken,
): { levelName: LevelName; enforcement: Enforcement } {
  const levelName = (['strict', 'permissive', 'audit', 'skip'] as const).find((one) => one === text);
  if (!text) throw broken('has no signatureVerification level');
  if (levelName === undefined) throw broken(`has the unknown level ${quoted(text)}`);
  const overrides = Object.entries(override ?? {});
  if (overrides.length > 0 && levelName === 'skip') throw broken('overrides the level skip');
  const enforcement: Record<Validation, Action> = { ...LEVELS[levelName] };
  for (const [key, value] of overrides) {
    const validation = VALIDATIONS.find((one) => one === key);
    const action = (['enforce', 'log', 'skip'] as const).find((one) => one === value);
    if (validation === undefined) throw broken(`overrides ${quoted(key)}, which is not a validation`);
    if (action === undefined)
      throw broken(`overrides ${key} with ${quoted(value)}, not enforce, log or skip`);
    if (validation === 'integrity') throw broken('overrides integrity, which is always enforced');
    if (action === 'skip' && validation !== 'revocation') {
      throw broken(`skips ${validation}; only revocation can be skipped`);
    }
    enforcement[validation] = action;
  }
  return { levelName, enforcement };
}

/** `TYPE:NAME`. */
function parseStore(text: string, broken: Broken): { type: StoreType; name: string } {
  const colon = text.indexOf(':');
  if (colon === -1) throw broken(`has the trust store ${quoted(text)}, not TYPE:NAME`);
  const [kind, name] = [text.slice(0, colon), text.slice(colon + 1)];
  const type = (['ca', 'signingAuthority', 'tsa'] as const).find((one) => one === kind);
  if (type === undefined) throw broken(`has a trust store of the unknown type ${quoted(kind)}`);
  if (!isStoreName(name)) throw broken(`has a trust store with the invalid name ${quoted(name)}`);
  return { type, name };
}

/** Whether it may be the name of a trust store: no path leads out of the folder of stores. */
export function isStoreName(name: string): boolean {
  return /^[a-zA-Z0-9_.-]+$/.test(name) && !/^\.+$/.test(name);
}

function checkScopes(statements: readonly TrustStatement[]): void {
  const seen = new Set<string>();
  for (const { name, registryScopes } of statements) {
    if (registryScopes.length === 0) throw wrong(`statement ${quoted(name)} has no registry scope`);
    if (registryScopes.length > 1 && registryScopes.includes('*')) {
      throw wrong(`statement ${quoted(name)} combines * with other registry scopes`);
    }
    for (const scope of registryScopes) {
      if (scope !== '*') checkScope(scope, (what) => wrong(`statement ${quoted(name)}: ${what}`));
      if (seen.has(scope)) throw wrong(`the registry scope ${quoted(scope)} occurs twice`);
      seen.add(scope);
    }
  }
}

function wrong(what: string, cause?: unknown): VeritySignError {
  return new VeritySignError('usage', `the trust policy is not valid: ${what}`, {
    remedy: 'Correct it; notation policy import FILE refuses it too',
    ...(cause === undefined ? {} : { cause }),
  });
}
