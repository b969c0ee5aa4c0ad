/**
 * Every message of docs/troubleshooting.md comes from a run: each case makes the CLI or the Action
 * fail, and its line must be the one message of the page's part for its exit status.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { run } from '../../src/lib/process/run.ts';
import { importWithContainerd } from '../helpers/containerd.ts';
import { CONNECTIONS } from '../helpers/failures/connections.ts';
import { ENVIRONMENT } from '../helpers/failures/environment.ts';
import { IMAGE, LINKED_PATH } from '../helpers/failures/image.ts';
import { KEY } from '../helpers/failures/key.ts';
import { KEY_LIFE } from '../helpers/failures/key-life.ts';
import { LOGINS } from '../helpers/failures/logins.ts';
import { OTHER } from '../helpers/failures/other.ts';
import { REGISTRY } from '../helpers/failures/registry.ts';
import { type Failure, Stage, withLayout } from '../helpers/failures/stage.ts';
import { USAGE } from '../helpers/failures/usage.ts';
import { VERDICTS } from '../helpers/failures/verdicts.ts';
import { rawTar } from '../helpers/raw-tar.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment } from '../helpers/tools.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../docs/troubleshooting.md'), 'utf8');

/** By exit status: the heading under which the page explains it, and the kind that it has there. */
const STATUSES = new Map(
  [...PAGE.matchAll(/^\| (\d+) +\| \[([^\]]+)\]\(#([\w-]+)\) +\|/gm)].map(
    ([, status, kind = '', part = '']) => [Number(status), { kind, part }],
  ),
);

/** What only an Action says: __tests__/faults/runner-files.test.ts compares it with the page. */
const RUNNER_ONLY = /^(?:GITHUB_OUTPUT|RUNNER_TEMP): /;

/** The first column of the tables under each heading. */
const MESSAGES = PAGE.split(/^## /m)
  .slice(1)
  .flatMap((section) => {
    const part = (section.split('\n')[0] ?? '').toLowerCase().replaceAll(' ', '-');
    return [...section.matchAll(/^\| `([^`]+)` +\|/gm)].map(([, text = '']) => ({ part, text }));
  })
  .filter(({ part }) => part !== 'verdicts' && part !== 'on-the-node')
  .filter(({ text }) => !RUNNER_ONLY.test(text));

/** Image and layer come before a message, the remedy after it. An ellipsis stands for some text. */
function matches(text: string, line: string): boolean {
  const literal = text.split('…').map((piece) => piece.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const where = '(?:\\S+(?:, layer \\d+ \\(sha256:[0-9a-f]{64}\\))?: )?';
  return new RegExp(`^${where}${literal.join('.+?')}(?:\\. [A-Z].*)?$`).test(line);
}

/** The message of the page that a line is. A more general one may fit too: the most literal one counts. */
function messageFor(line: string, part: string | undefined): string | undefined {
  const literal = (text: string): number => text.replaceAll('…', '').length;
  return MESSAGES.filter((message) => message.part === part && matches(message.text, line))
    .map(({ text }) => text)
    .sort((a, b) => literal(b) - literal(a))[0];
}

/** The page names inputs as the Action does. */
function asInputs(line: string): string {
  return line.replaceAll(/\boption --([a-z-]+)/g, 'input $1');
}

function partOf({ status, part }: Failure): string | undefined {
  return part ?? STATUSES.get(status ?? -1)?.part;
}

const folder = testFolder(0o755);
let stage: Stage;
beforeAll(async () => {
  stage = await Stage.create(folder);
});
afterAll(() => stage.stop());

const produced = new Map<string, string>();

const CASES = { USAGE, IMAGE, ENVIRONMENT, LOGINS, KEY, KEY_LIFE, REGISTRY, CONNECTIONS, OTHER };

describe.each(Object.entries(CASES))('%s', (_part, cases) => {
  test.each(cases)('$name: one line, which the page has', async ({ name, run }) => {
    const failure = await run(stage);
    expect(failure.lines).toHaveLength(1);
    const line = asInputs(failure.lines[0] ?? '');
    const part = partOf(failure);
    const text = messageFor(line, part);
    expect({ line, part, text }).toEqual({ line, part, text: expect.any(String) });
    expect([text, produced.get(text ?? '')]).toEqual([text, undefined]);
    produced.set(text ?? '', name);
  });
});

test('every message of the page has been produced', () => {
  expect(MESSAGES.length).toBeGreaterThan(60);
  expect(MESSAGES.filter(({ text }) => !produced.has(text))).toEqual([]);
});

describe('verdicts', () => {
  const rows = [...PAGE.matchAll(/^\| `([\w-]+)` +\| ([^|]+?) +\|/gm)];
  const ended = new Set<string>();

  test.each(VERDICTS)('of $name', async ({ run }) => {
    const failure = await run(stage);
    const [, words = ''] =
      /^(.*?) \([\d.]+ s\)(?::|$)/m.exec(failure.output?.trim().split('\n').at(-1) ?? '') ?? [];
    const row = rows.find(([, , shown]) => shown === words);
    expect([words, row?.[1]]).toEqual([words, expect.anything()]);
    const kinds = STATUSES.get(failure.status ?? -1);
    expect(kinds?.part).toBe('verdicts');
    expect(kinds?.kind.split(', ')).toContain(row?.[1]);
    ended.add(row?.[1] ?? '');
  });

  test('are all on the page', () => {
    expect(rows.map(([, verdict]) => verdict).sort()).toEqual([...ended].sort());
  });
});

describe('what containerd prints on a node', () => {
  const rows = [...(PAGE.split('## On the node')[1] ?? '').matchAll(/^\| `([^`]+)` +\|/gm)].map(
    ([, text = '']) => text,
  );
  const cut = rawTar({ name: 'file', data: Buffer.alloc(4096) }).subarray(0, 1024);

  test.each([
    ['a path through a symbolic link', LINKED_PATH, 'Not a directory'],
    ['a tar that is cut', cut, 'Input/output error'],
  ])('of %s', async (_what, bytes, end) => {
    const printed = await withLayout(async (writer) => {
      await writer.add(await writer.image({ layers: [{ bytes }] }), 'app');
      const archive = join(stage.scratch(), 'image.tar');
      await run(['tar', '-cf', archive, '-C', writer.directory, '.'], { env: toolEnvironment() });
      return importWithContainerd(archive).then(
        async (image) => {
          await image.stop();
          return 'imported';
        },
        (error: Error) => String((error.cause as Error).message),
      );
    });
    const row = rows.find((text) => text.endsWith(end)) ?? 'no row';
    const [start = '', rest = ''] = row.split(' … ');
    expect(printed).toContain(start);
    expect(printed).toContain(rest);
  });
});

test('a message must fit from its beginning to its remedy', () => {
  expect(matches('a … c', 'oci:x: a b c. Do that')).toBe(true);
  expect(matches('a … c', 'oci:x: a b c and more')).toBe(false);
  expect(matches('a … c', 'oci:x: not a b c')).toBe(false);
  expect(matches('a … c', 'a  c')).toBe(false);
});
