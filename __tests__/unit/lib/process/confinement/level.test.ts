import { expect, test } from '@jest/globals';
import { levelsOf } from '../../../../../src/lib/process/confinement/level.ts';

const STRICTEST = { view: 'own', unprivileged: true, limited: true };

test.each(['root', 'sudo'] as const)(
  'with %s: nobody in namespaces and a view of its own comes first',
  (privilege) => {
    expect(levelsOf(privilege)[0]).toEqual({ ...STRICTEST, namespaces: 'direct', nobody: true });
  },
);

test('in a user namespace nobody can become another user outside', () => {
  const levels = levelsOf('user-namespace');
  expect(levels[0]).toEqual({ ...STRICTEST, namespaces: 'mapped', nobody: false });
  expect(levels.filter(({ namespaces, nobody }) => namespaces === 'direct' || nobody)).toEqual([]);
});

test.each(['root', 'sudo', 'user-namespace'] as const)(
  'with %s: each level once, and the last one needs nothing',
  (privilege) => {
    const levels = levelsOf(privilege);
    expect(new Set(levels.map((level) => JSON.stringify(level))).size).toBe(levels.length);
    expect(levels.at(-1)).toEqual({
      namespaces: 'none',
      view: 'whole',
      nobody: false,
      unprivileged: false,
      limited: false,
    });
    // Whoever has namespaces also has setpriv, which comes with them.
    expect(levels.filter(({ namespaces, unprivileged }) => namespaces !== 'none' && !unprivileged)).toEqual(
      [],
    );
  },
);
