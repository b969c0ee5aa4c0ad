/** What copies of a signed image keep, by the tools at hand: docs/how-it-works.md has the table. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { run } from '../../src/lib/process/run.ts';
import { cli, cliOk } from '../helpers/cli.ts';
import { pki } from '../helpers/pki.ts';
import { type RegistryKind, startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

const KINDS: readonly RegistryKind[] = ['referrers-api', 'fallback-tag'];
const PAGE = readFileSync(join(import.meta.dirname, '../../docs/how-it-works.md'), 'utf8');
const folder = testFolder();
const registries = new Map<RegistryKind, TestRegistry>();
let trust: string[];

beforeAll(async () => {
  const layout = join(folder, 'layout');
  await writeVectorImage(layout, ['simple-gzip']);
  const { keyPath, chainPath, caPath } = (await pki()).leaf('p256');
  trust = ['--trusted-certificate', caPath, '--plain-http', '--temp-dir', folder];
  for (const kind of KINDS) registries.set(kind, await startRegistry(kind));
  const tags = [...registries.values()].flatMap(({ host }) => ['--push-to', `${host}/from:v1`]);
  const key = ['--key', keyPath, '--certificate', chainPath, '--plain-http', '--temp-dir', folder];
  await cliOk(['sign', `oci:${layout}`, ...tags, ...key]);
}, 120_000);
afterAll(() => Promise.all([...registries.values()].map((registry) => registry.stop())));

const hostOf = (kind: RegistryKind): string => registries.get(kind)?.host ?? '';

async function tool(name: string, ...args: string[]): Promise<void> {
  await run([toolPath(name), ...args], { env: toolEnvironment({ HOME: folder }) });
}

type Copy = (from: string, to: string) => Promise<void>;

const oras =
  (...more: string[]): Copy =>
  (from, to) =>
    tool('oras', 'cp', ...more, '--from-plain-http', '--to-plain-http', from, to);

const backup: Copy = async (from, to) => {
  const place = join(folder, `backup-${to.replaceAll(/\W/g, '-')}`);
  await tool('oras', 'backup', '--plain-http', '--include-referrers', '--output', place, from);
  await tool('oras', 'restore', '--plain-http', '--input', place, to);
};

const skopeo: Copy = (from, to) =>
  tool(
    'skopeo',
    ...['--insecure-policy', 'copy', '--all', '--src-tls-verify=false', '--dest-tls-verify=false'],
    ...[`docker://${from}`, `docker://${to}`],
  );

const WAYS: [name: string, copy: Copy, outcome: 'kept' | 'lost'][] = [
  ['oras cp -r', oras('-r'), 'kept'],
  ['oras backup --include-referrers', backup, 'kept'],
  ['oras cp', oras(), 'lost'],
  ['skopeo copy --all', skopeo, 'lost'],
];

describe.each(WAYS)('%s', (name, copy, outcome) => {
  test.each(KINDS.flatMap((from) => KINDS.map((to) => [from, to] as const)))(
    `from %s to %s: ${outcome}`,
    async (from, to) => {
      const target = `${hostOf(to)}/to/${name.replaceAll(/\W+/g, '-')}/${from}:v1`;
      await copy(`${hostOf(from)}/from:v1`, target);
      const { status, stdout } = await cli(['verify', target, ...trust]);
      expect(status).toBe(outcome === 'kept' ? 0 : 10);
      expect(stdout).toMatch(
        outcome === 'kept' ? /^layers verified; configuration not covered \(/m : /^NOT SIGNED \(/m,
      );
    },
  );

  test('is in the table', () => {
    const row = PAGE.split('\n').find((line) => line.startsWith('|') && line.includes(`\`${name}\``)) ?? '';
    expect(row).toContain(outcome);
  });
});
