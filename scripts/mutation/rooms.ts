/** A part of a room and the tests that concern it, besides the room's own. */
export interface Part {
  /** Folder or file of src. */
  source: string;
  suites: readonly string[];
  /** Tests of these suites that are not run because they take minutes: a part of their names. */
  except?: string;
}

/** A room whose sources are mutated. */
export interface Room {
  name: string;
  /** Run for every mutant of the room, first and together. */
  unit: readonly string[];
  /** The first part with a source that holds the mutated file counts. */
  parts: readonly Part[];
}

const integration = (...names: string[]): string[] =>
  names.map((name) => `__tests__/integration/${name}.test.ts`);
const faults = (...names: string[]): string[] => names.map((name) => `__tests__/faults/${name}.test.ts`);

const NOTARY = 'src/signatures/notary';
const VERIFY = 'src/commands/verify';

export const ROOMS: readonly Room[] = [
  {
    name: 'verity',
    unit: ['__tests__/unit/convert/verity'],
    parts: [
      {
        source: 'src/convert/verity',
        suites: [...integration('verity', 'process-layer', 'sign-vectors'), ...faults('layer-blob')],
      },
    ],
  },
  {
    name: 'pkcs7',
    unit: ['__tests__/unit/signatures/pkcs7', '__tests__/unit/signatures/x509'],
    parts: [
      {
        source: 'src/signatures/pkcs7',
        suites: [
          ...integration('pkcs7-parse', 'pkcs7-trust', 'pkcs7-openssl', 'path-judges', 'pkcs7-fuzz'),
          ...faults('certificate-chain', 'signer-purposes', 'signing-key'),
        ],
      },
    ],
  },
  {
    name: 'notary',
    unit: ['__tests__/unit/signatures/notary', '__tests__/unit/signatures/x509'],
    parts: [
      {
        source: `${NOTARY}/revocation`,
        suites: [
          ...integration('verify-revocation', 'verify-large-crl'),
          ...faults('revocation-fuzz', 'large-crl'),
        ],
      },
      { source: `${NOTARY}/timestamp`, suites: integration('notary-timestamp', 'verify-timestamp') },
      {
        source: `${NOTARY}/trust-policy`,
        suites: [...integration('verify-trust-policy'), ...faults('signer-purposes')],
      },
      {
        source: NOTARY,
        suites: [
          ...integration('notary-envelope', 'notary-rules', 'notary-notation', 'verify-notary'),
          ...faults('notary-fuzz', 'signer-purposes'),
        ],
      },
    ],
  },
  {
    name: 'attach',
    unit: ['__tests__/unit/oci/attach', '__tests__/unit/commands/shared'],
    parts: [
      {
        source: 'src/oci/attach',
        suites: [
          ...integration('attach', 'image-layout', 'sign-reuse', 'sign-registry'),
          ...faults('referrer-flood', 'rival-signers', 'verify-registry', 'registry', 'leftovers'),
        ],
      },
    ],
  },
  {
    name: 'verify',
    unit: ['__tests__/unit/commands/verify', '__tests__/unit/commands/shared'],
    parts: [
      {
        source: `${VERIFY}/manifests`,
        suites: [
          ...integration('verify-notary', 'verify-trust-policy', 'verify-timestamp'),
          ...faults('verify-notary'),
        ],
      },
      {
        source: `${VERIFY}/trust`,
        suites: [...integration('verify-trust-policy', 'verify-notary'), ...faults('signer-purposes')],
      },
      {
        source: VERIFY,
        suites: [
          ...integration('verify-image', 'verify-explain', 'verify-revocation', 'verify-notary'),
          ...faults('verify-tampering', 'signer-purposes', 'referrer-flood', 'verify-notary'),
        ],
      },
    ],
  },
  {
    name: 'gate',
    unit: ['__tests__/unit/commands/gate', '__tests__/unit/commands/sign'],
    parts: [
      { source: 'src/commands/gate', suites: integration('gate', 'sign-manifests'), except: 'in turn' },
    ],
  },
];

/** The part of a room that holds `file`. */
export function partOf({ parts }: Room, file: string): Part | undefined {
  return parts.find(({ source }) => file === source || file.startsWith(`${source}/`));
}
