import { describe, expect, test } from '@jest/globals';
import { judgeAttack } from '../../../../../src/commands/preflight/report/attacks.ts';
import { Collected } from '../../../../../src/commands/preflight/report/collect.ts';
import { type Judged, verdictOf } from '../../../../../src/commands/preflight/report/verdict.ts';
import type {
  PreflightAttack,
  PreflightDenial,
  PreflightFile,
  PreflightLayer,
  PreflightRun,
} from '../../../../../src/report/node/preflight-report.ts';

const layer = (index: number, more: Partial<PreflightLayer> = {}): PreflightLayer => ({
  index,
  digest: `sha256:${'1'.repeat(64)}`,
  diffId: `sha256:${'2'.repeat(64)}`,
  rootHash: '3'.repeat(64),
  signed: true,
  accepted: true,
  step: 'mount',
  outcome: 'OK',
  ...more,
});
const refused = (index: number, reason: string): PreflightLayer =>
  layer(index, { accepted: false, step: 'open', outcome: 'ENOKEY', reason });
const file = (executable: boolean): PreflightFile => ({
  path: '/bin/app',
  layer: 1,
  kind: 'program',
  executable,
  outcome: executable ? 'OK' : 'EACCES',
});
const run = (more: Partial<PreflightRun> = {}): PreflightRun => ({
  arguments: ['/bin/app'],
  user: '',
  directory: '/',
  expected: 'exit status 0 within 60 s',
  how: 'exit',
  status: 0,
  seconds: 1,
  succeeded: true,
  result: 'exited with status 0 after 1.0 s',
  output: [],
  ...more,
});
const denial = (count: number): PreflightDenial => ({
  count,
  program: '/usr/bin/node',
  what: 'anonymous memory',
  source: 'memory',
  hook: 'MMAP',
  advice: '',
});
const ATTACKS: PreflightAttack[] = [
  judgeAttack({ event: 'attack', name: 'dropped', outcome: 'EACCES' }),
  judgeAttack({ event: 'attack', name: 'changed-byte', layer: 0, control: 'OK', open: 'OK', read: 'EIO' }),
];
const FAILED = { succeeded: false, status: 1, result: 'exited with status 1 after 1.0 s' };

/** What a VM reports of an image that runs. */
const GOOD: Judged = {
  kernel: { requireSignatures: true, ipeEnforced: true },
  refusedParts: [],
  layers: [layer(0), layer(1)],
  overlay: 'OK',
  files: [file(true)],
  program: true,
  run: run(),
  denials: [],
  lostRecords: 0,
  lostEvents: 0,
  attacks: ATTACKS,
  complete: true,
  late: false,
  allowDenials: false,
};
const judged = (more: Partial<Judged>) => verdictOf({ ...GOOD, ...more });

test('an image that runs, and one that was only looked at', () => {
  expect(judged({})).toEqual({ verdict: 'runs', summary: 'runs under enforcement' });
  expect(judged({ program: false, run: undefined }).verdict).toBe('accepted');
});

test('the first refused layer is named, with the number of others', () => {
  expect(judged({ layers: [layer(0), refused(1, 'why (ENOKEY)'), refused(2, 'why')] })).toEqual({
    verdict: 'refused',
    summary: 'layer 1 is refused: why (ENOKEY), and 1 more',
  });
});

test('a refused layer ends the test: what comes after it is missing', () => {
  const rest = layer(1, { accepted: false, step: 'none', outcome: 'not reported' });
  const missing = { overlay: undefined, files: [], run: undefined, attacks: [], complete: true };
  expect(judged({ ...missing, layers: [refused(0, 'why'), rest] }).verdict).toBe('refused');
  expect(judged({ ...missing, layers: [layer(0), rest] }).verdict).toBe('unchecked');
});

test('a VM that had to be stopped: what it reported counts, and what is missing does not pass', () => {
  const late = { late: true, complete: false };
  expect(judged(late).summary).toBe('could not be checked: the VM did not end in its time');
  expect(judged({ ...late, kernel: undefined }).summary).toBe(
    'could not be checked: the VM reported nothing in its time',
  );
  expect(judged({ ...late, layers: [refused(0, 'why')] }).verdict).toBe('refused');
  expect(judged({ late: true }).verdict).toBe('runs');
});

test('layers that cannot be stacked', () => {
  expect(judged({ overlay: 'EINVAL' })).toEqual({
    verdict: 'refused',
    summary: 'the kernel does not stack the layers (EINVAL)',
  });
});

describe('denials', () => {
  test('fail a program that goes on, and are counted', () => {
    expect(judged({ denials: [denial(11), denial(1)] })).toEqual({
      verdict: 'denied',
      summary: '12 executions denied',
    });
    expect(judged({ denials: [denial(1)] }).summary).toBe('1 execution denied');
  });

  test('explain why a program failed', () => {
    const verdict = judged({ denials: [denial(2)], run: run(FAILED) });
    expect(verdict.verdict).toBe('denied');
    expect(verdict.summary).toBe('2 executions denied; the program exited with status 1 after 1.0 s');
  });

  test('that are allowed need a program that succeeds', () => {
    const allowed = { denials: [denial(2)], allowDenials: true };
    expect(judged(allowed)).toEqual({
      verdict: 'runs',
      summary: 'runs under enforcement, in spite of 2 executions denied',
    });
    expect(judged({ ...allowed, run: run(FAILED) }).verdict).toBe('denied');
  });

  test('may be among records that were lost', () => {
    expect(judged({ lostRecords: 3 }).verdict).toBe('unchecked');
    expect(judged({ lostRecords: 3, allowDenials: true }).verdict).toBe('runs');
    expect(judged({ lostRecords: 3, denials: [denial(1)] }).verdict).toBe('denied');
  });

  test('of files of the layers count without a run, too', () => {
    expect(judged({ files: [file(true), file(false)] }).verdict).toBe('denied');
    expect(judged({ files: [file(false)], program: false, run: undefined }).verdict).toBe('denied');
    expect(judged({ files: [file(false)], program: false, run: undefined, allowDenials: true }).verdict).toBe(
      'denied',
    );
    expect(judged({ files: [file(false)], allowDenials: true }).verdict).toBe('runs');
  });
});

test('a program that fails without a denial', () => {
  expect(judged({ run: run(FAILED) })).toEqual({
    verdict: 'failed',
    summary: 'the program failed: exited with status 1 after 1.0 s',
  });
});

describe('attacks', () => {
  const [, changed] = ATTACKS;
  const dropped = (outcome: string): PreflightAttack =>
    judgeAttack({ event: 'attack', name: 'dropped', outcome });

  test('that succeed say that the kernel does not enforce, whatever else the image did', () => {
    expect(judged({ attacks: [dropped('OK'), ...ATTACKS.slice(1)] }).verdict).toBe('not-enforced');
    const read = judgeAttack({
      event: 'attack',
      name: 'changed-byte',
      layer: 0,
      control: 'OK',
      open: 'OK',
      read: 'OK',
    });
    expect(judged({ attacks: [...ATTACKS.slice(0, 1), read], run: run(FAILED) }).verdict).toBe(
      'not-enforced',
    );
    expect(judged({ attacks: [dropped('OK')], complete: false }).verdict).toBe('not-enforced');
  });

  test('that could not be tried prove nothing', () => {
    expect(
      judged({ attacks: [dropped('ENOENT'), ...(changed === undefined ? [] : [changed])] }).verdict,
    ).toBe('unchecked');
    const control = judgeAttack({
      event: 'attack',
      name: 'changed-byte',
      layer: 0,
      control: 'EIO',
      open: 'OK',
      read: 'EIO',
    });
    expect(judged({ attacks: [dropped('EACCES'), control] }).verdict).toBe('unchecked');
    // A VM without memory for one more device opens neither the changed layer nor the control.
    const idle = judgeAttack({
      event: 'attack',
      name: 'changed-byte',
      layer: 0,
      control: 'ENOMEM',
      open: 'ENOMEM',
      read: 'ECANCELED',
    });
    expect(judged({ attacks: [dropped('EACCES'), idle] })).toEqual({
      verdict: 'unchecked',
      summary:
        'could not be checked: a changed byte of layer 0 could not be tried: without the change it gives ENOMEM',
    });
    expect(judged({ attacks: [dropped('EACCES')] }).verdict).toBe('unchecked');
    expect(judged({ attacks: [] }).verdict).toBe('unchecked');
  });
});

test.each([
  ['no event at all', { kernel: undefined }],
  ['a kernel that requires no signatures', { kernel: { requireSignatures: false, ipeEnforced: true } }],
  ['a kernel that only logs', { kernel: { requireSignatures: true, ipeEnforced: false } }],
  ['a policy that the kernel does not take', { refusedParts: ['load of the policy app: ENOKEY'] }],
  ['no word about the overlay', { overlay: undefined }],
  ['no end', { complete: false }],
  ['no word about the run', { run: undefined }],
] satisfies [string, Partial<Judged>][])('%s is no verdict', (_what, more) => {
  expect(judged(more).verdict).toBe('unchecked');
});

test('a report that had no room for everything is no success, but what it has is judged', () => {
  const summary = 'could not be checked: the report of the VM had no room for 3 files or denials';
  expect(judged({ lostEvents: 3 })).toEqual({ verdict: 'unchecked', summary });
  expect(judged({ lostEvents: 3, program: false, run: undefined })).toEqual({
    verdict: 'unchecked',
    summary,
  });
  expect(judged({ lostEvents: 3, run: run(FAILED) }).verdict).toBe('unchecked');
  expect(judged({ lostEvents: 3, files: [file(false)] }).verdict).toBe('denied');
  expect(judged({ lostEvents: 3, denials: [denial(2)] }).verdict).toBe('denied');
  expect(judged({ lostEvents: 3, allowDenials: true }).verdict).toBe('runs');
});

test('what the guest says of lost events counts', () => {
  const found = new Collected();
  found.add({ event: 'reportFull', events: 7 });
  expect(found.lostEvents).toBe(7);
});
