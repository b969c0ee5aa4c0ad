import { describe, expect, test } from '@jest/globals';
import { VeritySignError } from '../../../src/errors.ts';
import { imageAtFault, reportEntries } from '../../../src/frontend/each-image.ts';
import { failedImage } from '../../../src/report/failed-image.ts';

const error = (image?: string): VeritySignError => {
  const made = new VeritySignError('image', 'damaged');
  if (image !== undefined) made.context.image = image;
  return made;
};

describe('the image at fault', () => {
  test.each([
    ['is the one that the error names', error('b'), ['a', 'b'], 'b'],
    ['is none if the error names none', error(), ['a', 'b'], undefined],
    ['is none if the error names another', error('c'), ['a', 'b'], undefined],
    ['is none of a defect', new Error('x'), ['a', 'b'], undefined],
    ['is the only one', error(), ['a'], 'a'],
  ])('%s', (_what, thrown, images, expected) => {
    expect(imageAtFault(thrown, images)).toBe(expected);
  });
});

describe('a failed run has an entry', () => {
  const entries = (about: { image?: string; part?: { done: true }; notStarted?: string[] }) =>
    reportEntries<object, object>(
      { done: [], failure: { error: error(), notStarted: [], ...about } },
      (image, { message }) => ({ image, message }),
    );

  test('of the image that failed, and of those after it', () => {
    expect(entries({ image: 'a', notStarted: ['b'] })).toEqual([
      { image: 'a', message: 'damaged' },
      { image: 'b', message: 'not started, because a failed' },
    ]);
  });

  test('of every image if none is at fault, else one without an image', () => {
    expect(entries({ notStarted: ['a', 'b'] })).toEqual([
      { image: 'a', message: 'damaged' },
      { image: 'b', message: 'damaged' },
    ]);
    expect(entries({})).toEqual([{ image: undefined, message: 'damaged' }]);
    expect(failedImage(undefined, { code: 'image', message: 'damaged' })).not.toHaveProperty('image');
  });

  test('with what was done, also if no image is at fault', () => {
    expect(entries({ part: { done: true } })).toEqual([
      { done: true, error: { code: 'image', message: 'damaged', remedy: expect.any(String) } },
    ]);
  });
});
