import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { boundedJson, boundedLines } from '../../../../src/frontend/action/bounded-output.ts';
import { outputsOf } from '../../../../src/frontend/action/sign-outputs.ts';
import { verifyOutputsOf } from '../../../../src/frontend/action/verify-outputs.ts';
import { digest, report } from '../../../helpers/reports.ts';
import { verifyReport } from '../../../helpers/verify-reports.ts';

describe('outputs fit into an environment variable', () => {
  /** As a workflow passes an output on to a shell. */
  function shellTakes(value: string): boolean {
    return spawnSync('/bin/true', [], { env: { A_LONG_NAME_OF_A_VARIABLE: value } }).error === undefined;
  }

  /** The number of items that a warning says the output has. */
  function firstOf(line: string): number {
    return Number(/ has the first (\d+) of /.exec(line)?.[1]);
  }

  test('what is longer has its leading items, as JSON', () => {
    const items = Array.from({ length: 5000 }, (_, index) => ({
      index,
      platform: `é##[x]${'a'.repeat(99)}`,
    }));
    let shown = 0;
    const text = boundedJson('x', items, (line) => {
      shown = firstOf(line);
    });
    expect(JSON.parse(text)).toEqual(items.slice(0, shown));
    expect(shown).toBeGreaterThan(500);
    expect(shellTakes(text)).toBe(true);
    expect(shellTakes(JSON.stringify(items))).toBe(false);
  });

  test('lines stay whole, and short values are not touched', () => {
    const lines = Array.from({ length: 3000 }, (_, index) => `sha256:${String(index).padStart(64, '0')}`);
    let shown: number | undefined;
    const text = boundedLines('x', lines, (line) => {
      shown = firstOf(line);
    });
    expect(text.split('\n')).toEqual(lines.slice(0, shown));
    expect(shellTakes(text)).toBe(true);
    shown = undefined;
    const count = (line: string): void => {
      shown = firstOf(line);
    };
    expect(boundedLines('x', lines.slice(0, 2), count)).toBe(lines.slice(0, 2).join('\n'));
    expect(boundedJson('x', [], count)).toBe('[]');
    expect(shown).toBeUndefined();
  });

  test('a warning names the output, the items and the report', () => {
    const one = report();
    const [artifact] = one.artifacts;
    if (artifact === undefined) throw new TypeError('no artifact');
    const many = Array.from({ length: 5000 }, () => artifact);
    const warnings: string[] = [];
    const outputs = outputsOf(
      [{ ...one, artifacts: many }],
      '/r.json',
      (line) => warnings.push(line),
      undefined,
    );
    for (const value of Object.values(outputs)) expect(shellTakes(value)).toBe(true);
    expect(warnings).toContainEqual(
      expect.stringMatching(/^output root-hashes has the first \d+ of \d+ items: .*report-path/),
    );
  });

  const MANY = Array.from({ length: 5000 }, () => ({ digest: digest('b'), reason: 'Windows image' }));

  test.each([
    [
      'sign',
      (warn: (line: string) => void) => outputsOf([report({ uncovered: MANY })], '/r.json', warn, undefined),
    ],
    [
      'verify',
      (warn: (line: string) => void) =>
        verifyOutputsOf([verifyReport({ uncovered: MANY })], '/r.json', warn, true),
    ],
  ])('uncovered images of %s: a warning too', (_action, outputs) => {
    const warnings: string[] = [];
    expect(shellTakes(outputs((line) => warnings.push(line)).uncovered)).toBe(true);
    expect(warnings).toEqual([expect.stringMatching(/^output uncovered has the first \d+ of 5000 items: /)]);
  });

  test('digests of verify: a warning too', () => {
    const warnings: string[] = [];
    const reports = Array.from({ length: 3000 }, () => verifyReport());
    expect(shellTakes(verifyOutputsOf(reports, '/r.json', (line) => warnings.push(line), true).digest)).toBe(
      true,
    );
    expect(warnings).toEqual([expect.stringMatching(/^output digest has the first \d+ of 3000 items: /)]);
  });
});
