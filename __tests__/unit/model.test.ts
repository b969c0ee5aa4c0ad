import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import * as annotations from '../../src/model/annotations.ts';
import * as artifactTypes from '../../src/model/artifact-types.ts';
import * as mediaTypes from '../../src/model/media-types.ts';
import {
  isKnownClass,
  isProfileName,
  isRecordedClass,
  KNOWN_CLASSES,
  PROFILE_NAMES,
} from '../../src/model/profiles.ts';

const SRC = join(import.meta.dirname, '../../src');
const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, text: readFileSync(join(SRC, name), 'utf8') }));

/** A constant may be written from parts; what no other file may have is the value. */
const NAMES = [annotations, artifactTypes, mediaTypes].flatMap((module) =>
  Object.values(module).flatMap((value) => (typeof value === 'string' ? [value] : Object.values(value))),
);

test.each(NAMES)('%s is written in the model only', (name) => {
  const users = sources.filter(({ text }) => text.includes(`'${name}'`) || text.includes(`\`${name}\``));
  expect(users.map((file) => file.name).filter((file) => !file.startsWith('model/'))).toEqual([]);
});

test('the list of profiles, and of classes, is written in the model only', () => {
  const profiles = /'containerd',\s*'containerd-cache'/;
  const classes = /'A',\s*'B',\s*'C'|'C',\s*'B',\s*'A'/;
  const writers = sources.filter(({ text }) => profiles.test(text) || classes.test(text));
  expect(writers.map(({ name }) => name)).toEqual(['model/profiles.ts']);
});

test('the search finds a name that is written elsewhere', () => {
  expect(NAMES.length).toBeGreaterThan(15);
  const found = sources.filter(({ text }) => text.includes("'io.cncf.notary.signingScheme'"));
  expect(found.map(({ name }) => name)).toEqual(['signatures/notary/envelope/attributes.ts']);
});

test('names of profiles and classes are recognised exactly', () => {
  expect(PROFILE_NAMES.every(isProfileName)).toBe(true);
  expect(['', 'Containerd', 'containerd-', '0', 'length', 'toString'].some(isProfileName)).toBe(false);
  expect(KNOWN_CLASSES.every(isKnownClass)).toBe(true);
  expect([undefined, '', 'a', 'AB', 'unknown', '0', '1.8.7'].some(isKnownClass)).toBe(false);
});

test('a recorded class is one that is known, unknown, or a release', () => {
  expect([...KNOWN_CLASSES, 'unknown', '1.10', '1.10.2'].every(isRecordedClass)).toBe(true);
  const others = [undefined, '', 'D', '1', '1.', '1.9.4.1', '1.9.4-1', 'v1.9', '1.9\n', '1.9999'];
  expect(others.filter(isRecordedClass)).toEqual([]);
});
