/**
 * `npm run -s sbom` prints the SBOM of the npm package and of the bundles in dist/, SPDX 2.3 in JSON. What is bundled
 * is esbuild's account of it: package.json has no dependencies, and a package that is installed may be bundled in part
 * or not at all. SOURCE_DATE_EPOCH sets the time of creation.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TOOL } from '../../src/report/tool.ts';
import { type BundledPackage, bundledPackages } from './bundled-packages.ts';
import { bundle } from './bundles.ts';
import { COMMON } from './options.ts';

const PROJECT = 'https://github.com/verity-sign/verity-sign';
const DOCUMENT = 'SPDXRef-DOCUMENT';
const UNKNOWN = 'NOASSERTION';

/** What package-lock.json says of an installed package, by its folder. */
type Lock = Readonly<Record<string, { integrity?: string }>>;

/** The document, and its parts by the names of SPDX. [SPDX 2.3, clauses 6, 7 and 11] */
export function spdxDocument(packages: readonly BundledPackage[], lock: Lock, created: Date) {
  const root = spdxPackage({ ...TOOL, license: 'Apache-2.0' }, undefined);
  const contained = packages.map(({ folder, about }) => spdxPackage(about, lock[folder]?.integrity));
  const parts = [root, ...contained];
  // Two documents have the same name only if they say the same.
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  return {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: DOCUMENT,
    name: `${TOOL.name}@${TOOL.version}`,
    documentNamespace: `${PROJECT}/sbom/${TOOL.name}-${TOOL.version}-${digest}`,
    creationInfo: {
      created: `${created.toISOString().slice(0, 19)}Z`,
      creators: [`Tool: ${TOOL.name}-${TOOL.version}`],
    },
    documentDescribes: [root.SPDXID],
    packages: parts,
    relationships: [
      { spdxElementId: DOCUMENT, relationshipType: 'DESCRIBES', relatedSpdxElement: root.SPDXID },
      ...contained.map(({ SPDXID }) => ({
        spdxElementId: root.SPDXID,
        relationshipType: 'CONTAINS',
        relatedSpdxElement: SPDXID,
      })),
    ],
  };
}

function spdxPackage(
  { name, version, license = UNKNOWN }: { name: string; version: string; license?: string },
  integrity: string | undefined,
) {
  return {
    // Letters, digits, dots and hyphens alone. [SPDX 2.3, clause 7.2]
    SPDXID: `SPDXRef-Package-${`${name}-${version}`.replaceAll(/[^A-Za-z0-9.-]/g, '-')}`,
    name,
    versionInfo: version,
    supplier: UNKNOWN,
    downloadLocation: UNKNOWN,
    filesAnalyzed: false,
    licenseConcluded: UNKNOWN,
    licenseDeclared: license,
    copyrightText: UNKNOWN,
    ...(integrity === undefined ? {} : { checksums: checksums(integrity) }),
    externalRefs: [
      {
        referenceCategory: 'PACKAGE-MANAGER',
        referenceType: 'purl',
        referenceLocator: `pkg:npm/${name.replace('@', '%40')}@${version}`,
      },
    ],
  };
}

/** Of the package's archive, from `sha512-BASE64`. */
function checksums(integrity: string): { algorithm: string; checksumValue: string }[] {
  return integrity.split(/\s+/).map((one) => {
    const [algorithm = '', value = ''] = one.split('-');
    return {
      algorithm: algorithm.toUpperCase(),
      checksumValue: Buffer.from(value, 'base64').toString('hex'),
    };
  });
}

if (process.argv[1] === import.meta.filename) {
  const root = COMMON.absWorkingDir;
  const { metafile } = await bundle(join(root, 'dist'));
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as { packages: Lock };
  const { SOURCE_DATE_EPOCH: epoch } = process.env;
  const created = epoch ? new Date(Number(epoch) * 1000) : new Date();
  const document = spdxDocument(await bundledPackages(root, metafile), lock.packages, created);
  process.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
}
