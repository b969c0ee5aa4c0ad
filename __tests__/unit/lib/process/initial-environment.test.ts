import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { fixedEnvironment } from '../../../../src/lib/process/environment.ts';
import { run } from '../../../../src/lib/process/run.ts';

const SUBJECT = fileURLToPath(new URL('../../../../src/lib/process/initial-environment.ts', import.meta.url));

/** What other processes see before and after, and what the process itself has. */
interface Answer {
  reason?: string;
  sizes: number[];
  shown: string[];
  same: boolean;
  home: string;
  inherited: string;
}

/** Erases in a process of its own: that of Jest has variables that are not the process's. */
const SCRIPT = `
  const { execFileSync } = await import('node:child_process');
  const { readFileSync } = await import('node:fs');
  const { homedir } = await import('node:os');
  const { eraseInitialEnvironment } = await import(${JSON.stringify(SUBJECT)});
  // As the kernel shows it to another process.
  const seen = () => execFileSync('cat', ['/proc/' + process.pid + '/environ'], { env: {} });
  const before = { ...process.env };
  const first = seen();
  const reason = eraseInitialEnvironment(['TRACKING', 'OTHER']);
  const last = seen();
  const inherited = execFileSync('/usr/bin/env').toString();
  console.log(JSON.stringify({
    reason,
    sizes: [first.length, last.length],
    shown: last.toString('latin1').split('\\0').filter((entry) => entry !== ''),
    same: JSON.stringify(before) === JSON.stringify({ ...process.env }),
    home: homedir(),
    inherited,
  }));`;

async function erase(
  env: Record<string, string>,
  node: string[] = [],
  prefix: string[] = [],
): Promise<Answer> {
  const argv = [...prefix, process.execPath, '--no-warnings', ...node, '--input-type=module', '-e', SCRIPT];
  const { stdout } = await run(argv, { env: { ...fixedEnvironment(), ...env }, timeout: 30_000 });
  return JSON.parse(stdout.toString()) as Answer;
}

describe('the environment that the kernel shows', () => {
  test('has only the variables that must be seen, and the process keeps all of them', async () => {
    const answer = await erase({
      HOME: '/home/somebody',
      SECRET: 'hush',
      TRACKING: 'job 7 = ü',
      // Others that contain the name.
      TRACKING_TOKEN: 'hush',
      NOT_TRACKING: 'TRACKING=hush',
      LINES: 'one\nTRACKING=hush\n',
    });
    const { sizes, inherited, ...rest } = answer;
    const shown = [Buffer.from('TRACKING=job 7 = ü').toString('latin1')];
    expect(rest).toEqual({ shown, same: true, home: '/home/somebody' });
    expect(sizes[1]).toBe(sizes[0]);
    expect(inherited).toContain('SECRET=hush');
  });

  test('is empty if nothing must be seen', async () => {
    expect(await erase({ SECRET: 'x'.repeat(100_000) })).toMatchObject({ shown: [], same: true });
  });

  test('entries that process.env does not have are erased as well', async () => {
    // A shell passes on what its own parent gave it; env(1) accepts any name.
    const prefix = ['env', '=nameless=hush', 'od d=hush', 'SECRET-1=hush'];
    const answer = await erase({}, [], prefix);
    expect(answer).toMatchObject({ shown: [], same: true });
    expect(answer.inherited).toContain('SECRET-1=hush');
  });

  test('that cannot be erased is reported, and the process keeps its variables', async () => {
    const permissions = ['--permission', '--allow-fs-read=*', '--allow-child-process'];
    const answer = await erase({ SECRET: 'hush' }, permissions);
    expect(answer.reason).toMatch(/access|permission/i);
    expect(answer.shown).toContain('SECRET=hush');
    expect(answer.same).toBe(true);
  });
});
