/**
 * `npm run docs`: writes action.yml and verify/action.yml, and the tables of the README and docs/inputs.md
 * between their markers, from the lists in src/frontend. A contract test compares.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OUTPUTS, outputsFor } from '../src/frontend/action/output-list.ts';
import { EXIT_MEANINGS } from '../src/frontend/cli/exit-status.ts';
import { INPUTS, type InputSpec, inputsOf, type Surface } from '../src/frontend/inputs/catalog.ts';

const root = dirname(import.meta.dirname);

/** Text folded to lines of at most 100 characters. */
function fold(text: string, indent: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && indent.length + last.length + 1 + word.length > 100) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.map((line) => indent + line).join('\n');
}

function description(text: string): string[] {
  return ['    description: >-', fold(text, '      ')];
}

/** The Actions: where their action.yml is, from the root, and what is in it besides inputs and outputs. */
export const ACTIONS = {
  action: {
    path: 'action.yml',
    name: 'verity-sign',
    description:
      'Signs every layer of a container image, so that the Linux kernel verifies it by dm-verity and IPE',
    main: 'dist/sign-action.js',
  },
  'verify-action': {
    path: 'verify/action.yml',
    name: 'verity-sign verify',
    description:
      'Checks the dm-verity signatures of every layer of a container image: who signed it, and that the root hashes are those of its layers',
    main: '../dist/verify-action.js',
  },
} as const;

/** A whole action.yml. */
export function renderAction(surface: keyof typeof ACTIONS): string {
  const { name, description: purpose, main } = ACTIONS[surface];
  const inputs = inputsOf(surface).flatMap((input) => [
    `  ${input.name}:`,
    ...description(input.description),
    `    required: ${input.name === 'image'}`,
    ...(input.default === undefined ? [] : [`    default: ${JSON.stringify(input.default)}`]),
  ]);
  const outputs = outputsFor(surface).flatMap((output) => [
    `  ${output.name}:`,
    ...description(output.description),
  ]);
  return [
    '# Made by `npm run docs` from src/frontend/inputs/catalog.ts.',
    `name: ${name}`,
    `description: ${JSON.stringify(purpose)}`,
    'branding:',
    '  icon: shield',
    '  color: green',
    'inputs:',
    ...inputs,
    'outputs:',
    ...outputs,
    'runs:',
    '  using: node24',
    `  main: ${main}`,
    '',
  ].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/[<>]/g, (character) => `\\${character}`);
}

const COMMANDS = ['sign', 'root-hash', 'verify', 'inspect'] as const;

/** The commands that have it, `Action` and `verify/` for what only the two Actions have. */
function where(on: readonly Surface[]): string {
  const commands = COMMANDS.filter((command) => on.includes(command));
  if (commands.length === COMMANDS.length) return 'all';
  if (commands.length > 0) return commands.join(', ');
  return [
    ...(on.includes('action') ? ['Action'] : []),
    ...(on.includes('verify-action') ? ['verify/'] : []),
  ].join(', ');
}

/** Aligned as the formatter does it. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[], fill: string): string =>
    `| ${cells.map((text, column) => text.padEnd(widths[column] ?? 0, fill)).join(' | ')} |`;
  const [header = [], ...body] = rows;
  return [
    line(header, ' '),
    line(
      header.map(() => ''),
      '-',
    ),
    ...body.map((row) => line(row, ' ')),
  ].join('\n');
}

export function renderInputTable(): string {
  const rows = INPUTS.map((input: InputSpec) => [
    `\`${input.name}\``,
    where(input.on),
    input.default === undefined ? '' : `\`${input.default}\``,
    cell(input.description),
  ]);
  return table([['Name', 'Where', 'Default', 'Meaning'], ...rows]);
}

export function renderOutputTable(): string {
  const rows = OUTPUTS.map(({ name, on, description }) => [`\`${name}\``, where(on), cell(description)]);
  return table([['Output', 'Where', 'Meaning'], ...rows]);
}

export function renderExitTable(): string {
  const rows = EXIT_MEANINGS.map(([status, meaning]) => [String(status), meaning]);
  return table([['Status', 'Meaning'], ...rows]);
}

/** The pages with tables between markers, and which tables. */
export const PAGES = {
  'README.md': ['exit-status'],
  'docs/inputs.md': ['inputs', 'outputs'],
} as const;

const TABLES = {
  inputs: renderInputTable,
  outputs: renderOutputTable,
  'exit-status': renderExitTable,
};

/** `text` of a page with its tables made anew. */
export function renderPage(page: keyof typeof PAGES, text: string): string {
  return PAGES[page].reduce((readme: string, name) => {
    const [start, end] = [`<!-- ${name}: npm run docs -->`, `<!-- end of ${name} -->`];
    const from = readme.indexOf(start);
    const to = readme.indexOf(end);
    if (from < 0 || to < from) throw new Error(`${page} lacks the markers of ${name}`);
    return `${readme.slice(0, from + start.length)}\n\n${TABLES[name]()}\n\n${readme.slice(to)}`;
  }, text);
}

if (process.argv[1] === import.meta.filename) {
  for (const surface of ['action', 'verify-action'] as const) {
    const path = join(root, ACTIONS[surface].path);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, renderAction(surface));
  }
  for (const page of Object.keys(PAGES) as (keyof typeof PAGES)[]) {
    const path = join(root, page);
    await writeFile(path, renderPage(page, await readFile(path, 'utf8')));
  }
}
