import { expect, test } from '@jest/globals';
import { recipesFor } from '../../../../src/convert/erofs/recipe.ts';

test('one recipe for each profile and class', () => {
  const recipes = recipesFor({
    builder: 'native',
    profiles: ['containerd', 'containerd-cache'],
    classes: ['A', 'C'],
  });
  expect(recipes.map(({ profile, class: of }) => `${profile} ${of}`)).toEqual([
    'containerd A',
    'containerd C',
    'containerd-cache A',
    'containerd-cache C',
  ]);
});

test.each([
  [{ builder: 'native', profiles: [] } as const, 'no profile is given'],
  [{ builder: 'mkfs', profiles: [] } as const, 'no profile is given'],
  [{ builder: 'native', profiles: ['containerd'], classes: [] } as const, 'no class of erofs-utils is given'],
])('%j is refused: without a recipe nothing would be signed or verified', (options, message) => {
  expect(() => recipesFor(options)).toThrow(message);
});
