import { expect, test } from '@jest/globals';
import { imageReason, layerReasons, saysAlready } from '../../../../../src/frontend/render/verify/reasons.ts';
import {
  notTrusted,
  platformVerdict,
  signatureSet,
  verifyReport,
} from '../../../../helpers/verify-reports.ts';

/** A set with one layer for each item: its reason, or none. */
function setOf(reasons: readonly (string | undefined)[]) {
  const [layer] = signatureSet().layers;
  if (layer === undefined) throw new Error('no layer');
  const verdict = 'invalid' as const;
  const layers = reasons.map((reason, index) =>
    reason === undefined ? { ...layer, index } : { ...layer, index, verdict, reason },
  );
  return signatureSet({ verdict, layers });
}

test('each reason once, with runs of layers', () => {
  expect(layerReasons(setOf(['a', 'a', 'a']))).toEqual([{ layers: 'every layer', reason: 'a' }]);
  expect(layerReasons(setOf(['a']))).toEqual([{ layers: 'layer 0', reason: 'a' }]);
  expect(layerReasons(setOf(['a', 'a', 'b', 'a', undefined, 'a', 'a']))).toEqual([
    { layers: 'layers 0-1, 3, 5-6', reason: 'a' },
    { layers: 'layer 2', reason: 'b' },
  ]);
  expect(layerReasons(setOf([undefined]))).toEqual([]);
});

test('the reason of the image names every layer and platform that shares it', () => {
  const why = 'the certificate does not lead to any trusted certificate';
  expect(imageReason(notTrusted())).toBe(`linux/amd64, linux/arm64: profile containerd: every layer: ${why}`);
  const set = setOf([undefined, 'broken', 'broken']);
  const one = platformVerdict({ signatures: [set] });
  const reason = 'profile containerd: layer 1: broken';
  expect(imageReason(verifyReport({ reason, platforms: [one] }))).toBe(
    'profile containerd: layers 1-2: broken',
  );
  const names = ['a', 'b', 'c', 'd', 'e'];
  const many = names.map((platform) => platformVerdict({ platform, signatures: [set] }));
  expect(imageReason(verifyReport({ reason: `a: ${reason}`, platforms: many }))).toBe(
    'a, b, c and 2 more: profile containerd: layers 1-2: broken',
  );
});

test('a reason that is not about layers stays as it is', () => {
  expect(imageReason(verifyReport())).toBeUndefined();
  expect(imageReason(verifyReport({ reason: 'no answer' }))).toBe('no answer');
});

test('knows what it said', () => {
  const report = notTrusted();
  expect(saysAlready(report, report.platforms[1]?.profiles[0]?.reason)).toBe(true);
  expect(saysAlready(report, 'something else')).toBe(false);
  expect(saysAlready(report, undefined)).toBe(false);
});
