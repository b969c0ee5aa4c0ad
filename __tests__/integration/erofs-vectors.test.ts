import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ErofsBuilder } from '../../src/convert/erofs/builder.ts';
import type { ContainerdProfile } from '../../src/model/profiles.ts';
import { builderIn, checkedMkfs, convertBlob, leftIn } from '../helpers/convert.ts';
import { vectors } from '../helpers/vector-image.ts';

let folder: string;
let builder: ErofsBuilder;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'erofs-vectors-'));
  builder = await builderIn(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

test('the test of the builder tells version and class', async () => {
  expect((await checkedMkfs(folder)).info).toMatchObject({ version: '1.9.4', class: 'C' });
});

test('there are 28 vectors of three profiles', () => {
  expect(vectors().flatMap(({ profiles }) => Object.keys(profiles))).toHaveLength(84);
});

test.each(vectors().map((vector) => [vector.name, vector] as const))('%s', async (_name, vector) => {
  for (const profile of Object.keys(vector.profiles) as ContainerdProfile[]) {
    const { facts, ...converted } = await convertBlob(builder, vector, profile, folder);
    expect(converted).toEqual(vector.profiles[profile]);
    expect(facts).toMatchObject({ diffId: vector.diffId, dropped: { count: 0 } });
  }
  expect(leftIn(folder)).toEqual([]);
});
