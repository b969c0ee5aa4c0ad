import { expect, test } from '@jest/globals';
import { goLowercase } from '../../../src/formats/fold-name.ts';

test('every character has one in lowercase', () => {
  const wrong: string[] = [];
  for (let code = 0; code <= 0x10ffff; code++) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    const character = String.fromCodePoint(code);
    const lower = goLowercase(character);
    if (Array.from(lower).length !== 1 || goLowercase(`a${character}`) !== `a${lower}`) wrong.push(character);
  }
  expect(wrong).toEqual([]);
});

test('those that are ASCII in lowercase', () => {
  expect(goLowercase('LİNUX')).toBe('linux');
  expect(goLowercase('\u212a')).toBe('k');
});
