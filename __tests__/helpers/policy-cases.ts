/** Valid and invalid trust policies, on which notation and this program must agree. */

type Statement = Record<string, unknown>;

export const STATEMENT: Statement = {
  name: 'all',
  registryScopes: ['*'],
  signatureVerification: { level: 'strict' },
  trustStores: ['ca:test'],
  trustedIdentities: ['*'],
};

export const policy = (...statements: Statement[]): unknown => ({
  version: '1.0',
  trustPolicies: statements,
});
const one = (changes: Statement): unknown => policy({ ...STATEMENT, ...changes });
const scoped = (...registryScopes: string[]): unknown => one({ registryScopes });
const who = (...trustedIdentities: string[]): unknown => one({ trustedIdentities });
const level = (signatureVerification: unknown): unknown => one({ signatureVerification });
const SKIP = { signatureVerification: { level: 'skip' }, trustStores: [], trustedIdentities: [] };

/** Policies that notation accepts. */
export const VALID_POLICIES: readonly (readonly [what: string, document: unknown])[] = [
  ['strict for everything', one({})],
  ['two statements', policy(STATEMENT, { ...STATEMENT, name: 'b', registryScopes: ['r.example/a'] })],
  ['a scope with a port and a path', scoped('r.example:5000/a/b-c/d_e/f__g/h.i')],
  ['two scopes', scoped('r.example/a', 'r.example/b')],
  ['a host without a dot', scoped('local/app')],
  ['hyphens in a row', scoped('r.example/a---b')],
  ['permissive', level({ level: 'permissive' })],
  ['audit', level({ level: 'audit' })],
  ['skip for a repository', one({ ...SKIP, registryScopes: ['r.example/a'] })],
  [
    'skip without stores',
    policy({ name: 'a', registryScopes: ['r.example/a'], signatureVerification: { level: 'skip' } }),
  ],
  ['skip for everything', one(SKIP)],
  [
    'overrides',
    level({ level: 'strict', override: { authenticity: 'log', expiry: 'log', revocation: 'skip' } }),
  ],
  ['no override', one({ ...SKIP, signatureVerification: { level: 'skip', override: {} } })],
  ['audit made strict', level({ level: 'audit', override: { authenticity: 'enforce' } })],
  ['verifyTimestamp always', level({ level: 'strict', verifyTimestamp: 'always' })],
  ['verifyTimestamp afterCertExpiry', level({ level: 'strict', verifyTimestamp: 'afterCertExpiry' })],
  ['stores of all kinds', one({ trustStores: ['ca:a', 'ca:b_c.d-e', 'signingAuthority:s', 'tsa:t'] })],
  ['a store twice', one({ trustStores: ['ca:a', 'ca:a'] })],
  ['an identity', who('x509.subject: C=US, ST=WA, O=Example')],
  ['S for ST', who('x509.subject:C=US,S=WA,O=Example,CN=x')],
  ['semicolons', who('x509.subject: C=US; ST=WA; O=Example')],
  ['escapes', who('x509.subject: C=US, ST=WA, O=Example\\, Inc., CN=a\\+b\\=c\\ ')],
  ['hex escapes', who('x509.subject: C=US, ST=WA, O=Caf\\C3\\A9')],
  ['two identities', who('x509.subject: C=US, ST=WA, O=A', 'x509.subject: C=US, ST=WA, O=B')],
  [
    'identities that differ in one value',
    who('x509.subject: C=US, ST=WA, O=A, CN=a', 'x509.subject: C=US, ST=WA, O=A, OU=b'),
  ],
  ['an identity of another kind', who('com.example:someone')],
  ['an attribute without a value, twice', who('x509.subject: C=US, ST=WA, O=A, OU=, OU=b')],
  ['an unknown attribute', who('x509.subject: C=US, ST=WA, O=A, shoe=43')],
  ['more than it needs', { ...(one({}) as object), comment: 'x' }],
  ['null for nothing', one({ ...SKIP, trustStores: null, trustedIdentities: null })],
];

/** Policies that notation refuses, and a part of this program's message. */
export const INVALID_POLICIES: readonly (readonly [what: string, document: unknown, reason: string])[] = [
  ['no object', [], 'malformed'],
  ['empty', {}, 'no version'],
  ['no version', { trustPolicies: [STATEMENT] }, 'no version'],
  ['another version', { version: '1.1', trustPolicies: [STATEMENT] }, '"1.1" is not supported'],
  ['a number as version', { version: 1, trustPolicies: [STATEMENT] }, 'malformed'],
  ['no statement', { version: '1.0', trustPolicies: [] }, 'no statement'],
  ['no name', one({ name: '' }), 'no name'],
  ['a name twice', policy(STATEMENT, { ...STATEMENT, registryScopes: ['r.example/a'] }), 'two statements'],
  ['no scope', scoped(), 'no registry scope'],
  ['* beside a scope', scoped('*', 'r.example/a'), 'combines * with other registry scopes'],
  ['a scope twice', policy(STATEMENT, { ...STATEMENT, name: 'b' }), 'twice'],
  ['a scope twice in a statement', scoped('r.example/a', 'r.example/a'), 'twice'],
  ['a wildcard in a scope', scoped('r.example/*'), 'wildcard'],
  ['a scope without a registry', scoped('app'), 'not REGISTRY/REPOSITORY'],
  ['a scope with a protocol', scoped('https://r.example/a'), 'not REGISTRY/REPOSITORY'],
  ['a scope with a tag', scoped('r.example/a:v1'), 'not REGISTRY/REPOSITORY'],
  ['a scope with a digest', scoped(`r.example/a@sha256:${'0'.repeat(64)}`), 'not REGISTRY/REPOSITORY'],
  ['a scope with a slash at its end', scoped('r.example/a/'), 'not REGISTRY/REPOSITORY'],
  ['a scope in uppercase', scoped('r.example/App'), 'not REGISTRY/REPOSITORY'],
  ['an empty scope', scoped(''), 'not REGISTRY/REPOSITORY'],
  ['a long scope that is nearly one', scoped(`r.example/${'a'.repeat(60)}!`), 'not REGISTRY/REPOSITORY'],
  ['no signatureVerification', one({ signatureVerification: undefined }), 'no signatureVerification level'],
  ['no level', level({}), 'no signatureVerification level'],
  ['another level', level({ level: 'Strict' }), 'unknown level'],
  ['an override of integrity', level({ level: 'strict', override: { integrity: 'log' } }), 'always enforced'],
  [
    'an override that skips authenticity',
    level({ level: 'strict', override: { authenticity: 'skip' } }),
    'skips authenticity',
  ],
  ['an override that skips expiry', level({ level: 'audit', override: { expiry: 'skip' } }), 'skips expiry'],
  [
    'an override of nothing known',
    level({ level: 'strict', override: { trust: 'log' } }),
    'not a validation',
  ],
  [
    'an override with another action',
    level({ level: 'strict', override: { expiry: 'ignore' } }),
    'not enforce, log or skip',
  ],
  [
    'an override of skip',
    one({ ...SKIP, signatureVerification: { level: 'skip', override: { expiry: 'log' } } }),
    'overrides the level skip',
  ],
  ['another verifyTimestamp', level({ level: 'strict', verifyTimestamp: 'never' }), 'verifyTimestamp'],
  ['skip with stores', one({ ...SKIP, trustStores: ['ca:a'] }), 'has the level skip'],
  ['skip with identities', one({ ...SKIP, trustedIdentities: ['*'] }), 'has the level skip'],
  ['no stores', one({ trustStores: [] }), 'lacks'],
  ['no identities', who(), 'lacks'],
  ['a store without a kind', one({ trustStores: ['test'] }), 'not TYPE:NAME'],
  ['a store of another kind', one({ trustStores: ['CA:test'] }), 'unknown type'],
  ['a store without a name', one({ trustStores: ['ca:'] }), 'with the invalid name ""'],
  ['a store elsewhere', one({ trustStores: ['ca:../x'] }), 'with the invalid name'],
  [
    '* beside an identity',
    who('*', 'x509.subject: C=US, ST=WA, O=A'),
    'combines * with other trusted identities',
  ],
  ['an empty identity', who(''), 'empty trusted identity'],
  ['an identity without a kind', who('C=US, ST=WA, O=A'), 'without a prefix'],
  ['an identity without a name', who('x509.subject:'), 'without a name'],
  ['an identity of blanks', who('x509.subject: '), 'has no C, no ST, no O'],
  ['an identity without a country', who('x509.subject: ST=WA, O=A'), 'has no C'],
  ['an identity without a state', who('x509.subject: C=US, O=A'), 'has no ST'],
  ['an identity without an organisation', who('x509.subject: C=US, ST=WA, CN=A'), 'has no O'],
  ['names in lowercase', who('x509.subject: c=US, st=WA, o=A'), 'has no C'],
  ['an attribute twice', who('x509.subject: C=US, ST=WA, O=A, OU=a, OU=b'), 'OU twice'],
  ['S and ST', who('x509.subject: C=US, ST=WA, S=WA, O=A'), 'ST twice'],
  ['several attributes in an RDN', who('x509.subject: C=US, ST=WA, O=A+OU=b'), 'several attributes'],
  ['a value in hex', who('x509.subject: C=US, ST=WA, O=#0C0141'), 'in hex'],
  ['an attribute without a name', who('x509.subject: C=US, ST=WA, O=A, x'), 'without a name'],
  ['a comma at the end', who('x509.subject: C=US, ST=WA, O=A,'), 'without a name'],
  ['a backslash at the end', who('x509.subject: C=US, ST=WA, O=A\\'), 'wrong escape'],
  ['another escape', who('x509.subject: C=US, ST=WA, O=A\\zz'), 'wrong escape'],
  [
    'identities that overlap',
    who('x509.subject: C=US, ST=WA, O=A', 'x509.subject: C=US, ST=WA, O=A, CN=b'),
    'overlapping',
  ],
  [
    'an identity twice',
    who('x509.subject: C=US, ST=WA, O=A', 'x509.subject: O=A, ST=WA, C=US'),
    'overlapping',
  ],
];
