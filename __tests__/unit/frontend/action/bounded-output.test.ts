import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { boundedJson, boundedLines } from '../../../../src/frontend/action/bounded-output.ts';
import { outputsOf } from '../../../../src/frontend/action/sign-outputs.ts';
import { report } from '../../../helpers/reports.ts';

describe('outputs fit into an environment variable', () => {
  /** As a workflow passes an output on to a shell. */
  function shellTakes(value: string): boolean {
    return spawnSync('/bin/true', [], { env: { A_LONG_NAME_OF_A_VARIABLE: value } }).error === undefined;
  }

  test('what is longer has its leading items, as JSON', () => {
    const items = Array.from({ length: 5000 }, (_, index) => ({
      index,
      platform: `é##[x]${'a'.repeat(99)}`,
    }));
    let shown = 0;
    const text = boundedJson(items, (count) => {
      shown = count;
    });
    expect(JSON.parse(text)).toEqual(items.slice(0, shown));
    expect(shown).toBeGreaterThan(500);
    expect(shellTakes(text)).toBe(true);
    expect(shellTakes(JSON.stringify(items))).toBe(false);
  });

  test('lines stay whole, and short values are not touched', () => {
    const lines = Array.from({ length: 3000 }, (_, index) => `sha256:${String(index).padStart(64, '0')}`);
    let shown: number | undefined;
    const text = boundedLines(lines, (count) => {
      shown = count;
    });
    expect(text.split('\n')).toEqual(lines.slice(0, shown));
    expect(shellTakes(text)).toBe(true);
    shown = undefined;
    expect(boundedLines(lines.slice(0, 2))).toBe(lines.slice(0, 2).join('\n'));
    expect(boundedJson([])).toBe('[]');
    expect(shown).toBeUndefined();
  });

  test('a warning names the output, the items and the report', () => {
    const one = report();
    const [artifact] = one.artifacts;
    if (artifact === undefined) throw new TypeError('no artifact');
    const many = Array.from({ length: 5000 }, () => artifact);
    const warnings: string[] = [];
    const outputs = outputsOf([{ ...one, artifacts: many }], '/r.json', (line) => warnings.push(line));
    for (const value of Object.values(outputs)) expect(shellTakes(value)).toBe(true);
    expect(warnings).toContainEqual(
      expect.stringMatching(/^output root-hashes has the first \d+ of \d+ items: .*report-path/),
    );
  });
});
