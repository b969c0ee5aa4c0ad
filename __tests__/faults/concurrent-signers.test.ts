/** Several runs of the CLI at once on one image: no signature is lost silently. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { run } from '../../src/lib/process/run.ts';
import type { Descriptor } from '../../src/model/index.ts';
import type { SignReport } from '../../src/report/report.ts';
import { attachedIn } from '../helpers/attached-signatures.ts';
import { type CliResult, cli, cliOk } from '../helpers/cli.ts';
import { expectIntact } from '../helpers/intact-layout.ts';
import { type Pki, pki } from '../helpers/pki.ts';
import { startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { signaturesIn } from '../helpers/registry-signatures.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

const SIGNERS = ['p256', 'rsa2048', 'p384', 'chained'];
const folder = testFolder();
const layout = join(folder, 'layout');
let keys: Pki;
let registry: TestRegistry;
let image: Descriptor;

beforeAll(async () => {
  keys = await pki();
  registry = await startRegistry('fallback-tag');
  image = await writeVectorImage(layout, ['simple-gzip']);
});
afterAll(() => registry.stop());

interface Signed extends CliResult {
  signer: string;
  /** Digests of the signature manifests that the run reports as attached. */
  attached: string[];
}

async function sign(reference: string, signer: string): Promise<Signed> {
  const { keyPath, fullChainPath } = keys.leaf(signer);
  const report = join(mkdtempSync(join(folder, 'run-')), 'report.json');
  const key = ['--key', keyPath, '--certificate', fullChainPath, '--manifest-signature', 'jws'];
  const plain = ['--plain-http', '--oras-path', toolPath('oras')];
  const result = await cli(['sign', reference, ...key, ...plain, '--report', report]);
  if (result.status !== 0) return { ...result, signer, attached: [] };
  const [signed] = JSON.parse(readFileSync(report, 'utf8')) as [SignReport];
  const referrers = [...signed.artifacts, ...signed.manifestSignatures];
  return { ...result, signer, attached: referrers.flatMap(({ referrer }) => referrer?.digest ?? []) };
}

test.each([1, 2, 3])(
  'fault 63: two runs at once in a registry without the referrers API, round %i',
  async (round) => {
    const repository = `rivals/${round}`;
    const copy = ['cp', '--from-oci-layout', `${layout}:vectors`, '--to-plain-http'];
    await run([toolPath('oras'), ...copy, `${registry.host}/${repository}:1`], {
      env: toolEnvironment({ HOME: folder }),
    });
    const reference = `${registry.host}/${repository}:1`;
    const runs = await Promise.all(SIGNERS.slice(0, 2).map((signer) => sign(reference, signer)));
    const listed = await signaturesIn(registry, repository, image.digest);
    // What a run calls attached is there when both have ended.
    const reported = runs.flatMap(({ attached }) => attached);
    expect([...listed.layers, ...listed.manifests]).toEqual(expect.arrayContaining(reported));
    for (const { status, stderr, signer } of runs) {
      if (status === 0) continue;
      expect(status).toBe(6);
      expect(stderr).toMatch(/another program writes|does not list|no longer lists/);
      expect((await sign(reference, signer)).status).toBe(0);
    }
    const complete = await signaturesIn(registry, repository, image.digest);
    expect(complete.layers).toHaveLength(2);
    expect(complete.manifests).toHaveLength(2);
    for (const signer of SIGNERS.slice(0, 2)) {
      const trust = ['--trusted-certificate', keys.leaf(signer).caPath];
      await cliOk(['verify', reference, ...trust, '--plain-http', '--oras-path', toolPath('oras')]);
    }
  },
);

test('fault 63: four runs at once in a layout all survive', async () => {
  const runs = await Promise.all(SIGNERS.map((signer) => sign(`oci:${layout}`, signer)));
  expect(runs.map(({ status, stderr }) => [status, status === 0 ? '' : stderr])).toEqual(
    SIGNERS.map(() => [0, '']),
  );
  expect(expectIntact(layout)).toEqual([]);
  const attached = attachedIn(layout).map(({ digest }) => digest);
  expect(attached.sort()).toEqual(runs.flatMap((one) => one.attached).sort());
  expect(attached).toHaveLength(2 * SIGNERS.length);
});
