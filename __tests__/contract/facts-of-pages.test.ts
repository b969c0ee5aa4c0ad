/** Tables and numbers of pages that repeat what the code knows. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { PROFILES } from '../../src/convert/erofs/profile.ts';
import { scanOldTime, scanTime } from '../../src/convert/tar/pax/time.ts';
import { DM_VERITY_ARTIFACT_TYPE } from '../../src/model/artifact-types.ts';
import { CLASSES_IN_WORDS, KNOWN_CLASSES, PROFILE_NAMES, RELEASE_CLASSES } from '../../src/model/profiles.ts';
import {
  erofsUtilsFits,
  OLDEST_EROFS_UTILS,
  SUPPORTED_EROFS_UTILS,
  unsupportedErofsUtils,
} from '../../src/tools/versions.ts';

const read = (name: string): string => readFileSync(join(import.meta.dirname, '../../docs', name), 'utf8');

/** The cells of the rows whose first cell matches, without the marks of code. */
function rowsOf(page: string, first: RegExp): string[][] {
  const rows = page.split('\n').filter((line) => line.startsWith('|'));
  const cells = rows.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
  return cells.filter(([cell = '']) => first.test(cell));
}

/** Releases of a class, oldest first. */
function releasesOf(of: string): string[] {
  return Object.keys(RELEASE_CLASSES).filter((release) => RELEASE_CLASSES[release] === of);
}

/** The name of a class. */
const CLASS = /^([A-Z]|\d+\.\d+(\.\d+)?)$/;
const oldestFirst = KNOWN_CLASSES.toReversed();

describe('docs/erofs-utils-classes.md', () => {
  const page = read('erofs-utils-classes.md');
  const text = page.replaceAll(/\s+/g, ' ');

  test('the table has the classes, with the first and the last release of each', () => {
    const rows = rowsOf(page, CLASS).map(([of, versions]) => [of, versions]);
    expect(rows).toEqual(
      oldestFirst.map((of) => {
        const [first = '', ...more] = releasesOf(of);
        const newest = of === KNOWN_CLASSES[0];
        return [of, newest ? `${first} and later` : more.length > 0 ? `${first} to ${more.at(-1)}` : first];
      }),
    );
  });

  test('the releases that are rejected', () => {
    expect(text).toContain('Version 1.9.0 belongs to no class');
    expect(text).toContain(`the versions before ${OLDEST_EROFS_UTILS} other than ${oldestFirst[0]}`);
    expect(unsupportedErofsUtils('1.9.0')).toBe('divergent');
  });

  test('the releases that are supported, also in the README and docs/troubleshooting.md', () => {
    expect(read('../README.md')).toContain(`- **erofs-utils** ${SUPPORTED_EROFS_UTILS}, `);
    expect(read('troubleshooting.md')).toContain(`Set a class (${CLASSES_IN_WORDS})`);
    // What the words mean. A class that is set admits 1.8.6, which nobody gets without asking.
    expect(SUPPORTED_EROFS_UTILS).toBe('1.8.6, or 1.8.10 or later, except 1.9.0');
    expect(['1.8.5', '1.8.7', '1.9.0'].filter((release) => erofsUtilsFits(release, 'any'))).toEqual([]);
    for (const [release, of] of Object.entries(RELEASE_CLASSES)) {
      expect([release, erofsUtilsFits(release, of)]).toEqual([release, true]);
    }
  });

  test('your node: each class that a node has is one to set', () => {
    const rows = rowsOf(page, /^(Debian|Ubuntu|Fedora|Azure|Kata)/);
    expect(rows.length).toBeGreaterThan(8);
    for (const [node, release = '', of = '', set = '', source = ''] of rows) {
      const known = RELEASE_CLASSES[release.replace(/-\d+$/, '')] ?? 'none';
      const named = { none: /on the node$/, C: /^nothing/ }[of] ?? new RegExp(`^erofs-utils-version: ${of}$`);
      expect([node, of, source]).toEqual([node, known, expect.stringMatching(/^(package run|by source)$/)]);
      expect(set).toMatch(named);
    }
  });

  test('how class A reads a fraction with few digits, and one with nine', () => {
    expect(text).toContain('fewer than nine digits: class A reads `.5` as 5 nanoseconds');
    expect(scanOldTime('1.5')).toEqual({ seconds: 1, nanoseconds: 5 });
    expect(scanTime('1.5')).toEqual({ seconds: 1, nanoseconds: 500_000_000 });
    expect(scanOldTime('1.123456789')).toEqual(scanTime('1.123456789'));
  });

  test('says that fractions are usual, and where they are told', () => {
    expect(text).toContain('They are usual, not odd');
    expect(text).toContain('Base images of Ubuntu 26.04 have fractions on every entry');
    expect(read('report.md')).toMatch(/^\| `fractionalTimes` .*`count`.*`differing`/m);
  });
});

test('docs/native-builder.md lists the releases of each class', () => {
  const rows = rowsOf(read('native-builder.md'), CLASS).map(([of, releases]) => [of, releases]);
  expect(rows).toEqual(oldestFirst.map((of) => [of, releasesOf(of).join(', ')]));
});

test('docs/native-builder.md has the memory of a million files that was measured', () => {
  const [[, , measured = ''] = []] = rowsOf(read('performance.md'), /^1,000,000 entries, peak memory$/);
  const [, said = ''] =
    /a million files in one layer take about (\d+) MB/.exec(read('native-builder.md')) ?? [];
  expect(Number.parseFloat(measured)).toBeGreaterThan(100);
  expect(Math.abs(Number(said) / Number.parseFloat(measured) - 1)).toBeLessThan(0.02);
});

describe('docs/how-it-works.md', () => {
  const page = read('how-it-works.md');

  test('the table of profiles', () => {
    const rows = rowsOf(page, /^(containerd|tardev)/);
    expect(rows.map(([name, , source, size]) => [name, source, size])).toEqual(
      PROFILE_NAMES.map((name) => {
        const { uuidSource, blockSize } = PROFILES[name];
        const sources = {
          digest: "the layer's digest",
          diffId: "the layer's diffID",
          fixed: 'nothing: it is fixed',
        };
        return [name, sources[uuidSource], `${blockSize}`];
      }),
    );
    for (const [name = '', output] of rows) {
      const { appendsTar } = PROFILES[name as keyof typeof PROFILES];
      expect({ name, appended: output?.includes('the uncompressed tar is appended') }).toEqual({
        name,
        appended: appendsTar,
      });
    }
  });

  test('the artifact type', () => {
    expect(page).toContain(`"artifactType": "${DM_VERITY_ARTIFACT_TYPE}"`);
  });
});
