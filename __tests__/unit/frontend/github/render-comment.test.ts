import { expect, test } from '@jest/globals';
import type { Outcome } from '../../../../src/frontend/github/outcome.ts';
import { renderComment } from '../../../../src/frontend/github/render-comment.ts';
import { MARKUP, ORDERS, UNSEEN_SAMPLES } from '../../../helpers/hostile-text.ts';
import { githubHtml, textOf } from '../../../helpers/rendered-markdown.ts';
import { digest, hex } from '../../../helpers/reports.ts';

const RUN = 'https://github.example/o/r/actions/runs/1/attempts/1';
const LIMIT = 65_000;
const signed: Outcome = { conclusion: 'success', words: 'Signed', digest: digest('9') };
const layer = (index: number, letter: string) => ({ index, digest: digest(letter), rootHash: hex(letter) });
const set = {
  platform: 'linux/amd64',
  profile: 'containerd',
  class: 'C',
  layers: [layer(0, 'a'), layer(1, 'b')],
};

test('layers without a base image; with one, what changed', () => {
  const image = { reference: 'app:1', outcome: signed, sets: [set] };
  const alone = textOf(githubHtml(renderComment('verity-sign', [image], undefined, RUN, LIMIT), [RUN]));
  expect(alone).toContain(hex('a'));
  expect(alone).not.toContain('added');

  const base = {
    reference: 'app:main',
    origin: 'computed in this run',
    sets: [{ ...set, layers: [layer(0, 'a')] }],
  };
  const compared = textOf(githubHtml(renderComment('verity-sign', [image], base, RUN, LIMIT), [RUN]));
  expect(compared).toContain('1 added; 1 same.');
  expect(compared).toContain('1 layer with the same root hash');
});

test('kinds that only one of the images has', () => {
  const base = { reference: 'app:main', origin: 'x', sets: [{ ...set, platform: 'linux/arm64' }] };
  const image = { reference: 'app:1', outcome: signed, sets: [set] };
  const text = textOf(githubHtml(renderComment('verity-sign', [image], base, RUN, LIMIT), [RUN]));
  expect(text).toContain('2 added. The base image has no root hashes of this kind.');
  expect(text).toContain('Only the base image has linux/arm64, profile containerd, class C, with 2 layers.');
});

test('foreign text in every place does nothing', () => {
  for (const evil of [...ORDERS, ...MARKUP, UNSEEN_SAMPLES, '<!-- verity-sign: x -->', '| --- |\n\n# x']) {
    const outcome: Outcome = {
      conclusion: 'failure',
      words: 'Failed',
      digest: evil,
      error: { code: 'image', message: evil, remedy: evil },
    };
    const hostile = {
      platform: evil,
      profile: evil,
      class: evil,
      layers: [{ index: 0, digest: evil, rootHash: evil }],
    };
    const body = renderComment(
      evil,
      [{ reference: evil, outcome, sets: [hostile] }],
      { reference: evil, origin: 'x', sets: [{ ...hostile, platform: `${evil}2` }] },
      RUN,
      LIMIT,
    );
    githubHtml(body, [RUN]);
    const { sets: _sets, ...without } = { reference: evil, origin: 'x', reason: evil, sets: [] };
    githubHtml(renderComment('x', [{ reference: 'a', outcome: signed, sets: [] }], without, RUN, LIMIT), [
      RUN,
    ]);
  }
});

test('is never longer than GitHub accepts, and says so', () => {
  const many = Array.from({ length: 3000 }, (_, index) => layer(index, (index % 10).toString()));
  const sets = ['amd64', 'arm64', 'riscv64'].map((name) => ({
    ...set,
    platform: `linux/${name}`,
    layers: many,
  }));
  const base = { reference: 'app:main', origin: 'x', sets: [{ ...set, layers: many.slice(5) }] };
  const body = renderComment(
    'verity-sign',
    [{ reference: 'app:1', outcome: signed, sets }],
    base,
    RUN,
    LIMIT,
  );
  expect(body.length).toBeLessThanOrEqual(LIMIT);
  expect(body).toContain('**The rest does not fit into this comment.**');
  expect(body).toContain('linux/amd64');
});
