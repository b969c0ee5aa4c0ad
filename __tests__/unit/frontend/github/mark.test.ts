import { expect, test } from '@jest/globals';
import { type Mark, markText, mustStay } from '../../../../src/frontend/github/mark.ts';

const CONCLUSIONS = ['failure', 'neutral', 'success'] as const;
const mark = (changes: Partial<Mark> = {}): Mark => ({
  ...{ id: 'verity-sign/1234', attempt: '42.1', conclusion: 'success' },
  ...changes,
});

test('a worse verdict of the same attempt stays, and nothing else', () => {
  const staying = CONCLUSIONS.flatMap((known) =>
    CONCLUSIONS.filter((conclusion) =>
      mustStay(markText(mark({ conclusion: known })), mark({ conclusion })),
    ).map((conclusion) => `${known} before ${conclusion}`),
  );
  expect(staying).toEqual(['failure before neutral', 'failure before success', 'neutral before success']);
});

test.each([{ attempt: '42.2' }, { attempt: '43.1' }, { attempt: undefined }, { id: 'verity-sign/1235' }])(
  'what another attempt or image left is replaced: %j',
  (changes) => {
    const { attempt, ...rest } = mark({ conclusion: 'failure', ...(changes as Partial<Mark>) });
    const known = attempt === undefined ? rest : { ...rest, attempt };
    expect(mustStay(markText(known), mark())).toBe(false);
  },
);

test('without a name of the attempt nothing stays', () => {
  const { attempt: _, ...unnamed } = mark();
  expect(mustStay(markText({ ...unnamed, conclusion: 'failure' }), unnamed)).toBe(false);
});
