import { expect, test } from '@jest/globals';
import { spdxDocument } from '../../../scripts/build/sbom.ts';

const DIGEST = 'ab'.repeat(64);
const PACKAGES = [
  {
    folder: 'node_modules/@scope/one',
    about: { name: '@scope/one', version: '1.0.0', license: 'MIT' },
  },
  { folder: 'node_modules/a/node_modules/two', about: { name: 'two', version: '2.0.0-rc.1+b' } },
];
const LOCK = {
  'node_modules/@scope/one': { integrity: `sha512-${Buffer.from(DIGEST, 'hex').toString('base64')}` },
  'node_modules/two': { integrity: 'sha512-AAAA' },
};
const CREATED = new Date('2026-01-31T12:00:00.123Z');

test('each bundled package is contained in the one that the document describes', () => {
  const { packages, relationships, documentDescribes } = spdxDocument(PACKAGES, LOCK, CREATED);
  const [root = { SPDXID: '' }, ...contained] = packages;
  expect(documentDescribes).toEqual([root.SPDXID]);
  expect(relationships).toEqual([
    { spdxElementId: 'SPDXRef-DOCUMENT', relationshipType: 'DESCRIBES', relatedSpdxElement: root.SPDXID },
    ...contained.map(({ SPDXID }) => ({
      spdxElementId: root.SPDXID,
      relationshipType: 'CONTAINS',
      relatedSpdxElement: SPDXID,
    })),
  ]);
  const ids = packages.map(({ SPDXID }) => SPDXID);
  expect(ids.filter((id) => !/^SPDXRef-[A-Za-z0-9.-]+$/.test(id))).toEqual([]);
  expect(new Set(ids).size).toBe(3);
});

test('a package has its version, licence, purl, and the checksum that the lock has for its folder', () => {
  const [, one, two] = spdxDocument(PACKAGES, LOCK, CREATED).packages;
  expect(one).toMatchObject({
    name: '@scope/one',
    versionInfo: '1.0.0',
    licenseDeclared: 'MIT',
    checksums: [{ algorithm: 'SHA512', checksumValue: DIGEST }],
    externalRefs: [{ referenceType: 'purl', referenceLocator: 'pkg:npm/%40scope/one@1.0.0' }],
  });
  expect(two).toMatchObject({ versionInfo: '2.0.0-rc.1+b', licenseDeclared: 'NOASSERTION' });
  expect(two).not.toHaveProperty('checksums');
});

test('the same content has the same name, and other content another one', () => {
  const name = (packages: typeof PACKAGES, created = CREATED) =>
    spdxDocument(packages, LOCK, created).documentNamespace;
  expect(name(PACKAGES)).toBe(name(PACKAGES, new Date()));
  expect(name(PACKAGES)).not.toBe(name(PACKAGES.slice(1)));
  expect(spdxDocument(PACKAGES, LOCK, CREATED).creationInfo.created).toBe('2026-01-31T12:00:00Z');
});
