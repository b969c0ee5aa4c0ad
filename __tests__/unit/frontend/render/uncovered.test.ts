import { expect, test } from '@jest/globals';
import { joinMarkdown } from '../../../../src/frontend/render/markdown.ts';
import { uncoveredLines, uncoveredParts } from '../../../../src/frontend/render/uncovered.ts';
import { digest } from '../../../helpers/reports.ts';

const image = { digest: digest('b'), platform: 'windows/amd64', mediaType: 'm', reason: 'Windows image' };
const attestation = { digest: digest('c'), mediaType: 'm', reason: 'an attestation' };
const both = { uncovered: [image], skipped: [image, attestation] };

test('an uncovered image is not listed a second time as a skipped entry', () => {
  expect(uncoveredLines(both)).toEqual([
    '',
    `windows/amd64, ${image.digest}`,
    '  not covered by a signature: Windows image',
    '',
    `skipped ${attestation.digest}: an attestation`,
  ]);
  const { text } = joinMarkdown(uncoveredParts(both, 'Not signed'), '\n');
  expect(text.split('Windows image')).toHaveLength(2);
  expect(text).toMatch(/^#### Not covered by a signature.*Windows image.*^#### Not signed.*an attestation/ms);
});

test('an index without such entries has no part about them', () => {
  expect(uncoveredLines({ uncovered: [], skipped: [] })).toEqual([]);
  expect(uncoveredParts({ uncovered: [], skipped: [] }, 'Not signed')).toEqual([]);
});

test.each([
  ['images', { uncovered: Array(130).fill(image), skipped: [] }],
  ['entries', { uncovered: [], skipped: Array(130).fill(attestation) }],
])('a summary lists the first 100 %s', (noun, report) => {
  const { text } = joinMarkdown(uncoveredParts(report, 'Not signed'), '\n');
  expect(text.match(/^\| <code>/gm)).toHaveLength(100);
  expect(text).toContain(`30 more ${noun} are listed in the JSON report.`);
});
