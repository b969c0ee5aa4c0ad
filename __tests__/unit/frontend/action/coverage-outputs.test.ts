import { expect, test } from '@jest/globals';
import { coverageOutputs } from '../../../../src/frontend/action/coverage-outputs.ts';
import { digest, noWarning } from '../../../helpers/reports.ts';
import { verifyReport } from '../../../helpers/verify-reports.ts';

const entry = { platform: 'windows/amd64', digest: digest('b'), reason: 'Windows image' };

test('uncovered images, with the image that lists them', () => {
  const outputs = coverageOutputs([verifyReport(), verifyReport({ uncovered: [entry] })], noWarning, true);
  expect(outputs['configuration-covered']).toBe('true');
  expect(JSON.parse(outputs.uncovered)).toEqual([{ image: verifyReport().image.name, ...entry }]);
});

test('one image without a manifest signature suffices for false', () => {
  const outputs = coverageOutputs(
    [verifyReport(), verifyReport({ configurationCovered: false })],
    noWarning,
    true,
  );
  expect(outputs).toEqual({ 'configuration-covered': 'false', uncovered: '[]' });
});

test('a run that ended before the last image covers nothing', () => {
  const outputs = (complete: boolean): string =>
    coverageOutputs([verifyReport()], noWarning, complete)['configuration-covered'];
  expect([outputs(true), outputs(false)]).toEqual(['true', 'false']);
});

test('bounded for an environment variable, and no orders to agents', () => {
  const hostile = { ...entry, platform: '##vso[task.setvariable]windows/amd64' };
  const { uncovered } = coverageOutputs(
    [verifyReport({ uncovered: Array.from({ length: 5000 }, () => hostile) })],
    () => undefined,
    true,
  );
  expect(Buffer.byteLength(uncovered)).toBeLessThan(128 * 1024);
  expect(uncovered).not.toContain('##');
});
