import { expect, test } from '@jest/globals';
import type { SignReport } from '../../src/report/report.ts';
import { observeAction } from '../helpers/observed-run.ts';
import { testFolder } from '../helpers/temp.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

const LAYERS = 1500;
/** The kernel takes 128 KiB for a variable and its name. */
const MOST = 128 * 1024;
const folder = testFolder();

test('outputs of an image with 1,500 layers fit into a variable, and the report has all layers', async () => {
  const layout = `${folder}/layout`;
  await writeVectorImage(
    layout,
    Array.from({ length: LAYERS }, () => 'simple-gzip'),
  );
  const { status, stdout, outputs, report, summary } = await observeAction(folder, 'action', {
    image: `oci:${layout}`,
    'dry-run': 'true',
  });
  expect(status).toBe(0);
  const sizes = Object.values(outputs).map((value) => Buffer.byteLength(value));
  expect(Math.max(...sizes)).toBeGreaterThan(MOST / 2);
  expect(Math.max(...sizes)).toBeLessThan(MOST);
  const [{ artifacts }] = JSON.parse(report ?? '') as [SignReport];
  expect(artifacts[0]?.layers).toHaveLength(LAYERS);
  const told = JSON.parse(outputs['root-hashes'] ?? '') as object[];
  expect(told.length).toBeGreaterThan(0);
  expect(told.length).toBeLessThan(LAYERS);
  expect(stdout).toMatch(/::warning.*root-hashes.*report/);
  expect(Buffer.byteLength(summary)).toBeLessThan(1024 * 1024);
});
