/** All output goes through src/frontend/output, so that no new one can forget to make foreign text harmless. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const OUTPUT = 'src/frontend/output/';

/** What threads do with their own streams: it prints nothing. */
const DISCARDED =
  'for (const stream of [process.stdout, process.stderr]) stream._writev = (_texts, done) => done();';

const SOURCES = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => {
    const file = join(root, 'src', path);
    return { path: relative(root, file), text: readFileSync(file, 'utf8').replace(DISCARDED, '') };
  });

/** Ways to print, or to write what GitHub's runner reads. */
const PRINTS: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['the standard streams', /\bprocess\s*(?:\?\.|\.)\s*(?:stdout|stderr|_rawDebug|emitWarning)\b|\bprocess\[/],
  ['streams taken from process', /\{[^}]*\b(?:stdout|stderr|emitWarning)\b[^}]*\}\s*=\s*process\b/],
  ['the console', /\bconsole\s*[.[]|['"](?:node:)?console['"]/],
  [
    'descriptors 1 and 2',
    /\b(?:writeSync|writevSync|createWriteStream)\((?:[12]\b|DESCRIPTOR\b|['"])|\bfd: [12]\b|\/dev\/(?:stdout|stderr|tty|fd\/[12]\b)/,
  ],
  ['streams of children', /\bstdio: *['"]inherit|['"]inherit['"]/],
  ['terminals', /['"](?:node:)?(?:tty|readline)['"]/],
  ['files of the runner', /GITHUB_(?:OUTPUT|STEP_SUMMARY|ENV|PATH|STATE)\b/],
  ['commands of the runner', /(?<!: )['"`]::[a-z]|##\[|##vso/],
];

/** What an import of @actions/core names. */
function namesFromCore(text: string): string[] {
  const imports = text.matchAll(/import\s+(?:type\s+)?([^;]*?)\s+from\s+'@actions\/core'/g);
  const names = [...imports].flatMap(([, clause = '']) => clause.replaceAll(/[{}\s]/g, '').split(','));
  const others =
    text.match(/(?:import|require)\s*\(\s*['"]@actions\/core|export[^;]*'@actions\/core'/g) ?? [];
  return [...names.filter((name) => name !== ''), ...others];
}

test.each(PRINTS)('only the output room uses %s', (_what, pattern) => {
  const found = SOURCES.filter(({ path, text }) => !path.startsWith(OUTPUT) && pattern.test(text));
  expect(found.map(({ path }) => path)).toEqual([]);
});

test('the patterns find what they are for', () => {
  const samples = [
    'process.stdout.write(x)',
    'const { stderr } = process',
    'console.log(x)',
    'writeSync(1, x)',
    "stdio: 'inherit'",
    "import tty from 'node:tty'",
    'env.GITHUB_STEP_SUMMARY',
    "'::warning::x'",
  ];
  for (const [index, sample] of samples.entries()) expect(sample).toMatch(PRINTS[index]?.[1] ?? /^$/);
  expect(namesFromCore("import * as core from '@actions/core';")).toEqual(['*ascore']);
  expect(namesFromCore("import {\n  getInput,\n  info,\n} from '@actions/core';")).toEqual([
    'getInput',
    'info',
  ]);
  expect(SOURCES.length).toBeGreaterThan(200);
});

test('@actions/core is for the file of commands; elsewhere it only reads inputs', () => {
  const found = SOURCES.filter(({ path }) => path !== `${OUTPUT}runner-commands.ts`)
    .map(({ path, text }) => [path, namesFromCore(text).filter((name) => name !== 'getInput')] as const)
    .filter(([, names]) => names.length > 0);
  expect(found).toEqual([]);
});

test('inside the output room, each way has its own file', () => {
  const having = (pattern: RegExp) =>
    SOURCES.filter(({ path, text }) => path.startsWith(OUTPUT) && pattern.test(text)).map(({ path }) =>
      path.slice(OUTPUT.length),
    );
  expect(having(/\bprocess(?:\.(?:stdout|stderr)\b|\[)/)).toEqual([
    'console-reporter.ts',
    'first-use.ts',
    'standard-streams.ts',
    'stray-errors.ts',
    'stream-guard.ts',
  ]);
  expect(having(/\bwriteSync\b/)).toEqual(['stream-guard.ts']);
  expect(having(/\bcore\.\w/)).toEqual(['runner-commands.ts']);
  expect(having(/\bwriteFileSync\b|(?<!(?:fstatSync|writeSync) \} from 'node:)\bfs\b/)).toEqual([
    'new-file.ts',
    'report-file.ts',
  ]);
});

test('each entry guards the streams before it does anything else', () => {
  for (const entry of ['cli', 'sign-action', 'verify-action', 'ipe-policy-action']) {
    const text = readFileSync(join(root, `src/entry/${entry}.ts`), 'utf8');
    const [first] = text
      .replaceAll(/^(?:#!|import\b).*\n/gm, '')
      .trim()
      .split('\n');
    expect(first).toMatch(/^guardStreams\(/);
  }
});
