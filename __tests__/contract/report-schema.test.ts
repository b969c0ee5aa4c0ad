import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { renderSchema } from '../../scripts/docs/report-fields.ts';
import { renderReportTypes } from '../../scripts/docs/report-types.ts';
import { VeritySignError } from '../../src/errors.ts';
import { errorReport, failedImage, failedSource } from '../../src/report/failed-image.ts';
import { REPORT_NAMES, schemaPath } from '../../src/report/schema/json-schemas.ts';
import { REPORT_HEAD } from '../../src/report/tool.ts';
import { parseReport, type SchemaName, validator } from '../helpers/report-schema.ts';
import { digest, dryRun, hex, manifestSignature, report } from '../helpers/reports.ts';
import { manifestReport, verifyReport } from '../helpers/verify-reports.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const error = errorReport(new VeritySignError('image', 'is damaged'));
const entry = {
  ...REPORT_HEAD,
  source: 'layer.tar',
  digest: digest('a'),
  diffId: digest('b'),
  mediaType: 'application/vnd.oci.image.layer.v1.tar',
  profile: 'containerd',
  class: 'C',
  uuid: 'f4af0781-30d6-507f-9ab5-4d879255d362',
  imageSize: 4096,
  rootHash: hex('d'),
};
const reports: readonly [SchemaName, unknown][] = [
  ['sign', [report(), dryRun(), { ...report(), error }, failedImage('a:1', error)]],
  ['sign', [report({ manifestSignatures: [manifestSignature()] }), failedImage(undefined, error)]],
  ['verify', [verifyReport(), manifestReport(), failedImage('a:1', error)]],
  ['inspect', [failedImage('a:1', error)]],
  ['root-hash', [entry, failedSource('layer.tar', error), failedSource(undefined, error)]],
];

describe('the published schemas', () => {
  test.each(REPORT_NAMES)('%s is what the source of the types makes', (name) => {
    expect(read(schemaPath(name))).toBe(renderSchema(name));
  });

  test.each(REPORT_NAMES)('%s: draft 2020-12, named after this version, in the package', (name) => {
    const { version, files } = JSON.parse(read('package.json')) as { version: string; files: string[] };
    expect(JSON.parse(read(schemaPath(name)))).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: expect.stringMatching(new RegExp(`/v${version.replaceAll('.', '\\.')}/schemas/${name}\\.json$`)),
    });
    expect(files).toContain('schemas');
  });

  test('describe every field of every part', () => {
    for (const name of REPORT_NAMES) {
      const { $defs, properties } = JSON.parse(read(schemaPath(name))) as Record<
        string,
        Record<string, { properties?: Record<string, { description?: string }> }>
      >;
      for (const [part, { properties: fields = {} }] of Object.entries({ ...$defs, top: { properties } })) {
        const silent = Object.entries(fields as object).filter(([, field]) => !field.description);
        expect({ name, part, silent }).toEqual({ name, part, silent: [] });
      }
    }
  });

  test.each(reports)('%s: accept reports, and no field that they do not name', (name, items) => {
    const text = JSON.stringify(items);
    expect(parseReport(name, text)).toEqual(JSON.parse(text));
    expect(validator(name, 'allowed')(JSON.parse(text))).toBe(true);

    const [first, ...rest] = JSON.parse(text) as object[];
    const longer = [{ ...first, invented: 1 }, ...rest];
    // A later version may add a field: readers of this one must not fail.
    expect(validator(name, 'allowed')(longer)).toBe(true);
    expect(() => parseReport(name, JSON.stringify(longer))).toThrow('invented');
  });

  test.each<[SchemaName, object]>([
    ['sign', [{ ...report(), schemaVersion: 2 }]],
    ['sign', [{ ...report(), artifacts: undefined }]],
    ['sign', [{ ...report(), oras: null }]],
    ['sign', report()],
    ['verify', [{ ...verifyReport(), verdict: 'fine' }]],
    ['verify', [{ ...verifyReport(), validAt: 'yesterday' }]],
    ['root-hash', [{ ...entry, rootHash: 'abc' }]],
    ['root-hash', [failedImage('a', error)]],
  ])('%s: refuse what is no report: %#', (name, items) => {
    expect(() => parseReport(name, JSON.stringify(items))).toThrow(`not a report of ${name}`);
  });
});

test("the types of the library's reports are what the schemas make, and no others", async () => {
  const made = await renderReportTypes();
  expect(made.map(([path]) => basename(path)).sort()).toEqual(
    readdirSync(join(root, 'src/frontend/library/reports')).sort(),
  );
  for (const [path, text] of made) expect(read(path)).toBe(text);
});

test('docs/report.md has a heading for each of its links', () => {
  const page = read('docs/report.md');
  const headings = [...page.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title.toLowerCase().replaceAll(/[`,.]/g, '').replaceAll(' ', '-'),
  );
  expect(new Set(headings).size).toBe(headings.length);
  const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor = '']) => anchor);
  expect(links.length).toBeGreaterThan(50);
  expect(links.filter((anchor) => !headings.includes(anchor))).toEqual([]);
});
