/**
 * The architecture as rules by folder. Imports in src run downwards only,
 *   entry → frontend → commands → { oci, convert, signatures } → tools → report → formats → lib → model
 * and only commands import more than one of the three engines. Scripts import src, tests import both, and
 * nothing imports the other way. There are no exceptions: a violation is fixed, not listed.
 */
const LAYERS = [
  ['entry'],
  ['frontend'],
  ['commands'],
  ['oci', 'convert', 'signatures'],
  ['tools'],
  ['report'],
  ['formats'],
  ['lib'],
];
/** The verbs that a verb may import besides itself and `shared`. */
const VERBS = {
  doctor: ['verify'],
  gate: ['sign', 'preflight', 'verify'],
  sign: ['preflight', 'verify'],
  preflight: ['verify'],
  inspect: ['verify'],
  remove: ['verify'],
  'ipe-policy': ['verify'],
  'node-kit': ['ipe-policy', 'verify'],
  export: ['verify'],
  fetch: ['verify'],
};
/**
 * The packages that src imports, which become a part of the bundles. package.json has no `dependencies`: the bundles
 * have all that they need, so whoever installs verity-sign gets one package.
 */
const BUNDLED = [
  '@actions/core',
  '@actions/github',
  '@actions/http-client',
  '@actions/tool-cache',
  '@aws-sdk/client-kms',
  '@azure/core-rest-pipeline',
  '@azure/identity',
  '@azure/keyvault-certificates',
  '@azure/keyvault-keys',
  '@azure/logger',
  'cborg',
  'commander',
  'google-auth-library',
  'node-forge',
  'smol-toml',
  'string-width',
  'tar',
  'zod',
];
/** The scripts that the tests of a folder test, or whose bundles and pinned tools they start. */
const SCRIPTS = {
  contract: ['build', 'docs', 'faults', 'image', 'screenshots', 'tools'],
  faults: ['tools'],
  fuzz: ['tools'],
  helpers: ['build', 'tools'],
  integration: ['demo-image', 'image', 'tools'],
  kernel: ['demo', 'demo-image', 'kernel', 'preflight', 'tools'],
};

const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });
const folders = (names) => `^src/(${names.join('|')})/`;

/** No room imports a room above it. `base-imports-nothing` says so of model. */
const downwards = LAYERS.slice(1).map((rooms, index) =>
  forbid(
    `below-${LAYERS[index].join('-')}`,
    `${rooms.join(', ')} must not import what lies above.`,
    { path: folders(rooms) },
    { path: folders(LAYERS.slice(0, index + 1).flat()) },
  ),
);

module.exports = {
  forbidden: [
    forbid('no-cycle', 'No file imports itself, directly or through others.', {}, { circular: true }),
    forbid('resolvable', 'Every import is found.', {}, { couldNotResolve: true }),
    forbid(
      'bundled-packages',
      'Shipped code imports only the packages that are meant to be in the bundles.',
      { path: '^src/' },
      { path: 'node_modules/', pathNot: `node_modules/(${BUNDLED.join('|')})/` },
    ),
    ...downwards,
    forbid(
      'known-rooms',
      'Every file of src lies in a room that has its place in the order; only errors and logger lie outside.',
      {},
      { path: '^src/', pathNot: `^src/(errors|logger)\\.ts$|${folders([...LAYERS.flat(), 'model'])}` },
    ),
    forbid(
      'engines-apart',
      'oci, convert and signatures never import one another.',
      { path: '^src/(oci|convert|signatures)/' },
      { path: '^src/(oci|convert|signatures)/', pathNot: '^src/$1/' },
    ),
    forbid(
      'verbs-one-way',
      'gate → sign → preflight → verify → shared; node-kit → ipe-policy → verify; inspect, remove, doctor, export and fetch → verify; any other verb imports shared only.',
      { path: '^src/commands/([^/]+)/', pathNot: `^src/commands/(${Object.keys(VERBS).join('|')})/` },
      { path: '^src/commands/', pathNot: '^src/commands/($1|shared)/' },
    ),
    ...Object.entries(VERBS).map(([verb, others]) =>
      forbid(
        `${verb}-one-way`,
        `${verb} may import ${others.join(' and ')} and what all verbs share.`,
        { path: `^src/commands/${verb}/` },
        { path: '^src/commands/', pathNot: `^src/commands/(${[verb, ...others, 'shared'].join('|')})/` },
      ),
    ),
    forbid(
      'entry-stays-thin',
      'An entry calls a front end and reports its failure.',
      { path: '^src/entry/' },
      { path: '^src/', pathNot: '^src/(frontend/|errors\\.ts$)' },
    ),
    forbid(
      'render-is-text',
      'Rendering turns a report into text; it knows neither the Action, nor the CLI, nor the library, nor the inputs.',
      { path: '^src/frontend/(render|output)/' },
      { path: '^src/frontend/(action|cli|library|inputs)/' },
    ),
    forbid(
      'surfaces-apart',
      'The Action, the CLI and the library never import one another.',
      { path: '^src/frontend/(action|cli|library)/' },
      { path: '^src/frontend/(action|cli|library)/', pathNot: '^src/frontend/$1/' },
    ),
    forbid(
      'base-imports-nothing',
      'Errors, the logger and the model are below everything else.',
      { path: '^src/(errors|logger)\\.ts$|^src/model/' },
      { path: '^src', pathNot: '^src/model/' },
    ),
    forbid(
      'actions-toolkit',
      'The core runs without GitHub.',
      { path: '^src', pathNot: '^src/(entry|frontend|tools/install)/' },
      { path: 'node_modules/@actions/' },
    ),
    forbid(
      'cryptography',
      'Certificates and signatures are handled by one engine.',
      { path: '^src', pathNot: '^src/signatures/' },
      { path: 'node_modules/node-forge/' },
    ),
    forbid(
      'pure-modules',
      'A pure module takes and returns values: no files, processes or network.',
      {
        path: '^src/(model|report|formats)/|^src/signatures/(x509|pkcs7|csr)/|^src/signatures/notary/(certificates|envelope|trust-policy)/|^src/convert/(tar|verity/(hash-tree|params))|^src/oci/attach/artifact\\.ts$|^src/frontend/render/',
      },
      {
        path: '^(node:)?(fs|fs/promises|child_process|net|http|https|tls|dns|worker_threads|os)$',
        reachable: true,
      },
    ),
    forbid(
      'src-alone',
      'Shipped code imports neither scripts nor tests.',
      { path: '^src/' },
      { path: '^(scripts|__tests__)/' },
    ),
    forbid(
      'scripts-without-tests',
      'Scripts import src and one another, never a test or a test helper.',
      { path: '^scripts/' },
      { path: '^__tests__/' },
    ),
    forbid(
      'tools-below-scripts',
      'The installer of the pinned tools imports no other script.',
      { path: '^scripts/tools/' },
      { path: '^scripts/', pathNot: '^scripts/tools/' },
    ),
    forbid(
      'unit-without-tools',
      'Unit tests run in a fresh checkout: they reach no script and none of its tools.',
      { path: '^__tests__/unit/' },
      { path: '^scripts/', reachable: true },
    ),
    forbid(
      'helpers-below-tests',
      'A helper imports helpers, never tests.',
      { path: '^__tests__/helpers/' },
      { path: '^__tests__/', pathNot: '^__tests__/helpers/' },
    ),
    ...Object.entries(SCRIPTS).map(([tests, scripts]) =>
      forbid(
        `scripts-of-${tests}`,
        `${tests} may import only ${scripts.join(', ')} of the scripts.`,
        { path: `^__tests__/${tests}/` },
        { path: '^scripts/', pathNot: `^scripts/(${scripts.join('|')})(/|\\.ts$)` },
      ),
    ),
    forbid(
      'scripts-of-scripts',
      'The tests of a script import that script only.',
      { path: '^__tests__/scripts/([^/]+)/' },
      { path: '^scripts/', pathNot: '^scripts/$1(/|\\.ts$)' },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // TypeScript 7 has no parser that dependency-cruiser can call; swc reads the sources instead.
    parser: 'swc',
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
};
