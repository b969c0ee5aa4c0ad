import { describe, expect, test } from '@jest/globals';
import { joinMarkdown } from '../../../../../src/frontend/render/markdown.ts';
import { preflightParts } from '../../../../../src/frontend/render/preflight/summary.ts';
import { preflightTable } from '../../../../../src/frontend/render/preflight/table.ts';
import type { PreflightReport } from '../../../../../src/report/node/preflight-report.ts';
import { githubHtml } from '../../../../helpers/rendered-markdown.ts';
import { digest } from '../../../../helpers/reports.ts';

const layer = (index: number, more: object = {}): PreflightReport['layers'][number] => ({
  index,
  digest: digest('a'),
  diffId: digest('b'),
  rootHash: 'c'.repeat(64),
  signed: true,
  accepted: true,
  step: 'mount',
  outcome: 'OK',
  ...more,
});

const report = (more: Partial<PreflightReport> = {}): PreflightReport => ({
  schemaVersion: 1,
  tool: { name: 'verity-sign', version: '0.1.0' },
  image: { reference: 'oci:app', name: 'oci:app', digest: digest('a'), mediaType: 'm' },
  manifest: { digest: digest('a'), mediaType: 'm', size: 1 },
  profile: 'containerd',
  mkfsOptions: [],
  certificates: [],
  verdict: 'runs',
  passed: true,
  summary: 'runs under enforcement',
  kernel: {
    release: '6.12.117',
    source: 'built-in',
    accelerator: 'tcg',
    requireSignatures: true,
    ipeEnforced: true,
    policy: 'signed layers',
  },
  layers: [layer(0)],
  files: [],
  shadowed: [],
  whiteouts: [],
  denials: [],
  attacks: [],
  seconds: { total: 3, resolve: 0, convert: 1, boot: 2 },
  ...more,
});
const failed = (output: NonNullable<PreflightReport['run']>['output']): Partial<PreflightReport> => ({
  run: {
    arguments: ['/bin/app'],
    user: '',
    directory: '/',
    expected: 'exit status 0 within 60 s',
    how: 'exit',
    status: 1,
    seconds: 1,
    succeeded: false,
    result: 'exited with status 1 after 1.0 s',
    output,
  },
});
const summary = (more: Partial<PreflightReport>) => joinMarkdown(preflightParts(report(more)), '\n\n').text;
/** Both, so that a finding is in neither by chance. */
const both = (more: Partial<PreflightReport>) => [summary(more), String(preflightTable(report(more)))];

test('pieces of two streams are lines of their own, and empty lines are left out', () => {
  const output = failed([
    { stream: 'stdout', text: '\nno line feed' },
    { stream: 'stderr', text: 'error: bad\n\n\n' },
  ]);
  expect(summary(output)).toContain('```text\nno line feed\nerror: bad\n```');
  expect(summary(failed([{ stream: 'stdout', text: '\n \n' }]))).not.toContain('```');
});

test('an attack that could not be tried is not said to have succeeded', () => {
  const result = 'a program that was added at run time could not be tried (ENOSPC)';
  const idle = { name: 'dropped', refused: false, outcome: 'ENOSPC', result } as const;
  for (const text of both({ attacks: [idle] })) {
    expect(text).toMatch(/NOT TRIED:? +a program/);
    expect(text).not.toContain('NOT REFUSED');
  }
  for (const text of both({ attacks: [{ ...idle, outcome: 'OK' }] })) expect(text).toContain('NOT REFUSED');
});

test('lists that are not complete say so, also of an image that passes', () => {
  for (const text of both({ lostRecords: 7 })) expect(text).toContain('7 records of the audit log were lost');
  for (const text of both({ lostEvents: 3 })) expect(text).toContain('had no room for 3');
  for (const text of both({})) expect(text).not.toMatch(/not complete/i);
});

test('a whiteout without effect is a finding', () => {
  const whiteout = { path: '/etc/secret', layer: 1, kind: 'file', effective: false } as const;
  for (const text of both({ whiteouts: [whiteout] })) {
    expect(text).toMatch(/whiteouts? without effect/i);
    expect(text).toContain('secret');
  }
  expect(summary({ whiteouts: [{ ...whiteout, effective: true }] })).not.toMatch(/without effect/i);
});

test('what is not listed is counted', () => {
  const refused = { accepted: false, step: 'open', outcome: 'ENOKEY', reason: 'no key' };
  const layers = Array.from({ length: 60 }, (_, index) => layer(index, refused));
  expect(summary({ layers })).toContain('> **10 more** are listed');
});

describe('names and output of the image', () => {
  const evil = 'a|b`c\n\n# H <img src=x> [l](http://e.example) @team www.e.example </details> \u001b[31m*x*';

  test('make no element, link or mention of their own', () => {
    const text = summary({
      summary: evil,
      layers: [layer(0, { accepted: false, step: 'open', outcome: evil, reason: evil })],
      files: [{ path: evil, layer: 0, kind: 'program', executable: false, outcome: evil, interpreter: evil }],
      whiteouts: [{ path: evil, layer: 0, kind: 'file', effective: false }],
      denials: [
        {
          count: 1,
          program: evil,
          command: evil,
          what: 'file',
          path: evil,
          source: 'other',
          hook: evil,
          rule: evil,
          advice: 'Execute only files of the image',
        },
      ],
      attacks: [{ name: 'dropped', refused: false, outcome: evil, result: evil }],
      ...failed([{ stream: 'stderr', text: `${evil}\n\`\`\`\n</details>\n` }]),
    });
    expect(githubHtml(text)).not.toContain('\u001b');
  });
});
