/**
 * The architecture as rules: imports go one way,
 *   entry → frontend → pipeline → stage folders → tools → errors, logger
 * and stage folders meet only in the pipeline, through the types of stages.ts.
 */
const STAGES = 'image|layers|erofs|verity|pkcs7|notary|signers|attach|report';
/** Files that hold nothing but types, for all stages to share. */
const SHARED_TYPES = '^src/(pipeline/stages|signers/signer)\\.ts$';

const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    forbid('no-cycle', 'Nothing imports itself, by whatever way.', {}, { circular: true }),
    forbid('resolvable', 'Every import is found.', {}, { couldNotResolve: true }),
    forbid(
      'no-dev-dependency',
      'What ships must not need what is only there for development.',
      { path: '^src' },
      { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    ),
    forbid('nothing-imports-entry', 'Entries start programs.', { path: '^src' }, { path: '^src/entry' }),
    forbid(
      'entry-stays-thin',
      'An entry calls a front end and tells its failure.',
      { path: '^src/entry' },
      { path: '^src', pathNot: '^src/(frontend/|errors\\.ts)' },
    ),
    forbid(
      'frontend-below-entry',
      'Front ends are used by entries alone.',
      { path: '^src', pathNot: '^src/(entry|frontend)/' },
      { path: '^src/frontend' },
    ),
    forbid(
      'frontend-not-into-stages',
      'Front ends use the pipeline, the report and the installer, no stage and no tool.',
      { path: '^src/frontend' },
      {
        path: '^src',
        pathNot: '^src/(frontend/|pipeline/|report/|tools/install\\.ts|errors\\.ts|logger\\.ts)',
      },
    ),
    forbid(
      'pipeline-above-stages',
      'Stages and tools know nothing of the pipeline but the types between the stages.',
      { path: `^src/(${STAGES}|tools)/` },
      { path: '^src/pipeline', pathNot: SHARED_TYPES },
    ),
    forbid(
      'stages-apart',
      'Stage folders never import one another.',
      { path: `^src/(${STAGES})/` },
      { path: `^src/(${STAGES})/`, pathNot: ['^src/$1/', SHARED_TYPES] },
    ),
    forbid(
      'tools-below-stages',
      'Tools wrap programs and know no stage.',
      { path: '^src/tools' },
      { path: `^src/(${STAGES}|pipeline|frontend|entry)/`, pathNot: SHARED_TYPES },
    ),
    forbid(
      'base-imports-nothing',
      'Errors and logger are below everything.',
      { path: '^src/(errors|logger)\\.ts$' },
      { path: '^src' },
    ),
    forbid(
      'shared-types-are-types',
      'Files of shared types import only each other.',
      { path: SHARED_TYPES },
      { path: '^src', pathNot: SHARED_TYPES },
    ),
    forbid(
      'actions-toolkit',
      'The core runs without GitHub.',
      { path: '^src', pathNot: '^src/(entry/|frontend/|tools/install)' },
      { path: 'node_modules/@actions/' },
    ),
    forbid(
      'forge',
      'Certificates and PKCS#7 are handled in one place.',
      { path: '^src', pathNot: '^src/(pkcs7|signers)/' },
      { path: 'node_modules/node-forge/' },
    ),
    forbid(
      'asn1',
      'The libraries for timestamps and CBOR serve Notary signatures alone.',
      { path: '^src', pathNot: '^src/(pkcs7|notary)/' },
      { path: 'node_modules/(pkijs|asn1js|cborg)/' },
    ),
    forbid(
      'pure-modules',
      'What is pure takes and returns values: no files, processes or network.',
      {
        path: '^src/(pkcs7|report)/|^src/notary/(?!timestamp)|^src/verity/(hash-tree|params)\\.ts$|^src/attach/artifact\\.ts$|^src/pipeline/verify-(set|structure|verdict|manifests)\\.ts$|^src/frontend/(summary|markdown|tables|outputs|output-list|(?:verify|inspect)-(?:summary|table|outputs)|commands|node-settings|format|values|(?:signing-|verifying-)?inputs|input-spec)\\.ts$',
      },
      { path: '^(node:)?(fs|fs/promises|child_process|net|http|https|tls|dns|worker_threads|os)$' },
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
