/**
 * The architecture as rules by folder: imports run downwards only,
 *   entry → frontend → commands → { oci, convert, signatures } → tools → report → formats → lib → model
 * and the three engines meet in commands alone.
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
  ['model'],
];
/** The verbs that a verb may import besides itself and what all verbs share. */
const VERBS = { gate: ['sign', 'verify'], sign: ['verify'], inspect: ['verify'] };

const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });
const folders = (names) => `^src/(${names.join('|')})/`;

/** A room imports nothing that lies above it. */
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
      'no-dev-dependency',
      'Shipped code must not need packages that exist only for development.',
      { path: '^src' },
      { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    ),
    ...downwards,
    forbid(
      'engines-apart',
      'oci, convert and signatures never import one another.',
      { path: '^src/(oci|convert|signatures)/' },
      { path: '^src/(oci|convert|signatures)/', pathNot: '^src/$1/' },
    ),
    forbid(
      'verbs-one-way',
      'gate → sign → verify → shared; inspect → verify; any other verb imports shared only.',
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
      { path: '^src/entry' },
      { path: '^src', pathNot: '^src/(frontend/|errors\\.ts)' },
    ),
    forbid(
      'render-is-text',
      'Rendering turns a report into text; it knows neither the Action, nor the CLI, nor the inputs.',
      { path: '^src/frontend/(render|output)/' },
      { path: '^src/frontend/(action|cli|inputs)/' },
    ),
    forbid(
      'surfaces-apart',
      'The Action and the CLI never import one another.',
      { path: '^src/frontend/(action|cli)/' },
      { path: '^src/frontend/(action|cli)/', pathNot: '^src/frontend/$1/' },
    ),
    forbid(
      'base-imports-nothing',
      'Errors, the logger and the model are below everything.',
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
        path: '^src/(model|report|formats)/|^src/signatures/(x509|pkcs7)/|^src/signatures/notary/(certificates|envelope|trust-policy)/|^src/convert/(tar|verity/(hash-tree|params))|^src/oci/attach/artifact\\.ts$|^src/frontend/render/',
      },
      { path: '^(node:)?(fs|fs/promises|child_process|net|http|https|tls|dns|worker_threads|os)$' },
    ),
    forbid(
      'scripts-without-tests',
      'Scripts stand on the sources and on each other, not on the tests.',
      { path: '^scripts' },
      { path: '^__tests__' },
    ),
    forbid(
      'src-alone',
      'What ships imports neither scripts nor tests.',
      { path: '^src' },
      { path: '^(scripts|__tests__)' },
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
