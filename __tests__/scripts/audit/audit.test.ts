import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { assess, findingsIn } from '../../../scripts/audit.ts';
import { run } from '../../../src/lib/process/run.ts';
import { testFolder } from '../../helpers/temp.ts';

const root = join(import.meta.dirname, '../../..');
const folder = testFolder();
const TODAY = '2026-01-31';
const BUNDLED = new Set(['node_modules/tar', 'node_modules/ms']);

type Finding = ReturnType<typeof findingsIn>[number];

function finding(name: string, severity: Finding['severity'], advisory = 'GHSA-aaaa-bbbb-cccc'): Finding {
  return { advisory, package: name, severity, title: 'a title', folders: [`node_modules/${name}`] };
}

function exception(more: Partial<Parameters<typeof assess>[1][number]> = {}) {
  return {
    advisory: 'GHSA-aaaa-bbbb-cccc',
    package: 'tar',
    reason: 'no archive reaches it',
    expires: '2026-02-28',
    ...more,
  };
}

describe('the policy', () => {
  test.each([
    ['tar', 'moderate', 1],
    ['tar', 'low', 0],
    ['esbuild', 'high', 1],
    ['esbuild', 'critical', 1],
    ['esbuild', 'moderate', 0],
  ] as const)('%s with severity %s: %s failures', (name, severity, count) => {
    const { failures, notes } = assess([finding(name, severity)], [], BUNDLED, TODAY);
    expect(failures).toHaveLength(count);
    // Nothing that is known stays unsaid.
    expect([...failures, ...notes]).toEqual([
      expect.stringMatching(new RegExp(`^${name}, .*${severity}.*GHSA-`)),
    ]);
  });

  test('a package that is installed twice counts as bundled if one of the two is', () => {
    const twice = {
      ...finding('tar', 'moderate'),
      folders: ['node_modules/x/node_modules/tar', 'node_modules/tar'],
    };
    expect(assess([twice], [], BUNDLED, TODAY).failures).toHaveLength(1);
  });

  test('an exception accepts one vulnerability until its last day, and is printed with its reason', () => {
    const { failures, notes } = assess(
      [finding('tar', 'critical')],
      [exception({ expires: TODAY })],
      BUNDLED,
      TODAY,
    );
    expect({ failures, notes }).toEqual({
      failures: [],
      notes: [expect.stringContaining(`accepted until ${TODAY}: no archive reaches it`)],
    });
  });

  test.each([
    ['expired', exception({ expires: '2026-01-30' }), /expired on 2026-01-30/],
    ['too long', exception({ expires: '2026-05-02' }), /at most 90 days/],
    ['without a date', exception({ expires: 'never' }), /no date in expires: "never"/],
    ['with a date that is none', exception({ expires: '2026-02-99' }), /at most 90 days/],
    ['without a reason', exception({ reason: ' ' }), /has no reason/],
    ['for another advisory', exception({ advisory: 'GHSA-0000-0000-0000' }), /no longer needed: remove it/],
    ['for another package', exception({ package: 'ms' }), /no longer needed: remove it/],
  ])('an exception %s fails', (_what, given, message) => {
    const { failures } = assess([finding('tar', 'low')], [given], BUNDLED, TODAY);
    expect(failures).toEqual([expect.stringMatching(message)]);
  });

  test('an exception that expired accepts nothing', () => {
    const { failures } = assess(
      [finding('tar', 'high')],
      [exception({ expires: '2026-01-30' })],
      BUNDLED,
      TODAY,
    );
    expect(failures).toHaveLength(2);
  });
});

describe('a report of npm audit', () => {
  const advisories = {
    tar: [advisory(1, 'tar', 'high', 'GHSA-aaaa-bbbb-cccc')],
    ms: [advisory(2, 'ms', 'low', 'GHSA-dddd-eeee-ffff')],
    esbuild: [advisory(3, 'esbuild', 'critical', 'GHSA-gggg-hhhh-jjjj')],
  };
  // npm itself makes the report; what it asks the registry for is answered here.
  const registry = createServer((request, response) => {
    request.resume().on('end', () => {
      const isAudit = request.url?.endsWith('/advisories/bulk') === true;
      response.writeHead(isAudit ? 200 : 404, { 'content-type': 'application/json' });
      response.end(JSON.stringify(isAudit ? advisories : {}));
    });
  });
  let port = 0;

  beforeAll(async () => {
    await new Promise<void>((listening) => registry.listen(0, '127.0.0.1', listening));
    ({ port } = registry.address() as AddressInfo);
    const versions = { tar: '7.0.0', debug: '4.0.0', ms: '2.0.0', esbuild: '0.1.0' };
    const installed = Object.entries(versions).map(([name, version]) => [
      `node_modules/${name}`,
      { version, ...(name === 'debug' ? { dependencies: { ms: '2.0.0' } } : {}) },
    ]);
    const dependencies = { tar: '7.0.0', debug: '4.0.0', esbuild: '0.1.0' };
    const about = { name: 'sample', version: '1.0.0', dependencies };
    const packages = { '': about, ...Object.fromEntries(installed) };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(about));
    writeFileSync(
      join(folder, 'package-lock.json'),
      JSON.stringify({ ...about, lockfileVersion: 3, packages }),
    );
  });
  afterAll(() => {
    registry.close();
  });

  function npmAudit(at: number): Promise<string> {
    const url = `http://127.0.0.1:${at}/`;
    const env = { PATH: process.env.PATH ?? '', HOME: folder, npm_config_fetch_retries: '0' };
    const argv = ['sh', '-c', `npm audit --json --package-lock-only --registry ${url} 2>/dev/null || true`];
    return run(argv, { cwd: folder, env, timeout: 300_000 }).then(({ stdout }) => stdout.toString());
  }

  function audit(file: string): { status: number | null; stdout: string; stderr: string } {
    const argv = [join(root, 'scripts/audit.ts'), file];
    return spawnSync(process.execPath, argv, { cwd: root, encoding: 'utf8' });
  }

  test('has each vulnerability once, and the script fails for those that the policy refuses', async () => {
    const report = await npmAudit(port);
    expect(
      findingsIn(report)
        .map(({ package: name, severity, advisory: id, folders }) => [name, severity, id, folders])
        .sort(),
    ).toEqual([
      ['esbuild', 'critical', 'GHSA-gggg-hhhh-jjjj', ['node_modules/esbuild']],
      ['ms', 'low', 'GHSA-dddd-eeee-ffff', ['node_modules/ms']],
      ['tar', 'high', 'GHSA-aaaa-bbbb-cccc', ['node_modules/tar']],
    ]);
    const file = join(folder, 'report.json');
    writeFileSync(file, report);
    const { status, stdout, stderr } = audit(file);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^ms, in the bundles: low: .*below moderate$/m);
    expect(stderr.trim().split('\n').sort()).toEqual([
      expect.stringMatching(/^esbuild, not in the bundles: critical: /),
      expect.stringMatching(/^tar, in the bundles: high: /),
    ]);
  });

  test('a registry that does not answer is a failure, not an empty report', async () => {
    const answer = await npmAudit(1);
    expect(() => findingsIn(answer)).toThrow(/^this is no report of npm audit: \{/);
    const file = join(folder, 'failed.json');
    writeFileSync(file, answer);
    expect(audit(file)).toMatchObject({ status: 1, stdout: '' });
    expect(() => findingsIn('')).toThrow('it is empty');
  });
});

function advisory(id: number, name: string, severity: string, ghsa: string) {
  const url = `https://github.com/advisories/${ghsa}`;
  const title = `${name}: a title`;
  return {
    id,
    url,
    title,
    severity,
    vulnerable_versions: '<99.0.0',
    cwe: [],
    cvss: { score: 0, vectorString: null },
  };
}
