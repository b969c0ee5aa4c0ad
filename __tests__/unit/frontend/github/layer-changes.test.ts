import { expect, test } from '@jest/globals';
import {
  distinctKinds,
  type LayerHash,
  layerChanges,
  sameKind,
} from '../../../../src/frontend/github/layer-changes.ts';

/** Layers written as `digest:rootHash`. */
const layers = (...texts: string[]): LayerHash[] =>
  texts.map((text, index) => {
    const [digest = '', rootHash = ''] = text.split(':');
    return { index, digest, rootHash };
  });

const changes = (base: LayerHash[], now: LayerHash[]): string[] =>
  layerChanges(base, now).map(({ change, layer }) => `${layer.digest}:${layer.rootHash} ${change}`);

test.each([
  ['nothing', [], [], []],
  ['the same', ['a:1', 'b:2'], ['a:1', 'b:2'], ['a:1 same', 'b:2 same']],
  ['moved', ['a:1', 'b:2'], ['b:2', 'a:1'], ['b:2 same', 'a:1 same']],
  ['other', ['a:1', 'b:2'], ['a:1', 'c:3'], ['a:1 same', 'c:3 added', 'b:2 removed']],
  ['compressed anew', ['a:1'], ['b:1'], ['b:1 recompressed']],
  ['built in another way', ['a:1'], ['a:2'], ['a:2 rebuilt']],
  ['twice', ['a:1'], ['a:1', 'a:1'], ['a:1 same', 'a:1 added']],
  ['once of twice', ['a:1', 'a:1'], ['a:1'], ['a:1 same', 'a:1 removed']],
  ['the closest first', ['a:1', 'b:1'], ['c:1', 'a:1'], ['c:1 recompressed', 'a:1 same']],
])('%s', (_what, base, now, expected) => {
  expect(changes(layers(...base), layers(...now))).toEqual(expected);
});

test('kinds: platform, profile and class', () => {
  const one = { platform: 'linux/amd64', profile: 'containerd', class: 'C', layers: [] };
  const others = [
    { ...one, platform: 'linux/arm64' },
    { ...one, profile: 'containerd-cache' },
    { ...one, class: 'A' },
  ];
  expect(sameKind([...others, one], { ...one })).toBe(one);
  expect(sameKind(others, one)).toBeUndefined();
  expect(distinctKinds([one, { ...one }, ...others])).toEqual([one, ...others]);
});
