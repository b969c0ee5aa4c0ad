import { writeFile } from 'node:fs/promises';
import { VeritySignError } from '../../../errors.ts';
import { readGiven } from '../../../lib/read-given.ts';

/** EFI_FIRMWARE_VOLUME_HEADER: `_FVH` and HeaderLength. [UEFI PI 1.8, volume 3, 2.1.1; 3.2.1] */
const VOLUME_SIGNATURE = { offset: 40, text: '_FVH' };
const HEADER_LENGTH_OFFSET = 48;

/** VARIABLE_STORE_HEADER: GUID, size, format, state, reserved. [edk2: MdeModulePkg/Include/Guid/VariableFormat.h] */
const STORE_GUID = guid('aaf32c78-947b-439a-a180-2e144ec37792');
const STORE_HEADER = 28;
const STORE_FORMATTED = 0x5a;
const STORE_HEALTHY = 0xfe;

/** AUTHENTICATED_VARIABLE_HEADER. */
const VARIABLE_HEADER = 60;
const VARIABLE_START = 0x55aa;
const VARIABLE_ADDED = 0x3f;
/** Non-volatile, boot service and runtime access, time-based authenticated write access. */
const ATTRIBUTES = 0x01 | 0x02 | 0x04 | 0x20;
const ALIGNMENT = 4;

/** [UEFI 2.10, 32.4.1 and 32.6.1] */
const CERT_X509 = guid('a5c059a1-94e4-4aa7-87b5-ab155c2bf072');
const IMAGE_SECURITY_DATABASE = guid('d719b2cb-3d3a-4596-a3bc-dad00e67656f');
const LIST_HEADER = 28;
const GUID_BYTES = 16;

/** Whose entries they are: a random value of this program. */
const OWNER = guid('6f8bd4b5-9f0c-4d0f-8c55-1f1c2a54f0b7');

export interface UefiVariablesOptions {
  /** Path of the firmware's empty variable store, such as OVMF_VARS_4M.fd. */
  template: string;
  /** DER certificates. */
  certificates: readonly Uint8Array[];
  /** Path of a new file. */
  target: string;
}

/**
 * Writes a variable store of OVMF whose `db` has the certificates. The kernel's platform keyring is filled from it,
 * whether Secure Boot is on or off. [kernel: security/integrity/platform_certs/load_uefi.c]
 * @throws VeritySignError 'usage' if the template has another format, or too little room
 */
export async function writeUefiVariables(options: UefiVariablesOptions): Promise<void> {
  const { template, certificates, target } = options;
  let store: Buffer;
  try {
    store = await readGiven(template);
  } catch (cause) {
    throw unusable(template, `cannot be read (${(cause as NodeJS.ErrnoException).code})`, cause);
  }
  const { first, end } = findStore(store, template);
  const free = freeSpace(store, first, end, template);
  const variable = encodeVariable('db', IMAGE_SECURITY_DATABASE, signatureLists(certificates));
  if (variable.length > end - free) {
    throw new VeritySignError(
      'usage',
      `the trusted certificates take ${variable.length} bytes, and ${template} has room for ${end - free}`,
      { remedy: 'Give fewer certificates: only those that vouch for the signers of this image' },
    );
  }
  store.set(variable, free);
  await writeFile(target, store, { flag: 'wx', mode: 0o600 });
}

/** One EFI_SIGNATURE_LIST for each certificate: all entries of a list have the same size. */
function signatureLists(certificates: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    certificates.map((der) => {
      const header = Buffer.alloc(LIST_HEADER);
      CERT_X509.copy(header);
      header.writeUInt32LE(LIST_HEADER + GUID_BYTES + der.length, 16);
      header.writeUInt32LE(0, 20);
      header.writeUInt32LE(GUID_BYTES + der.length, 24);
      return Buffer.concat([header, OWNER, der]);
    }),
  );
}

function encodeVariable(name: string, vendor: Buffer, data: Buffer): Buffer {
  const text = Buffer.from(`${name}\0`, 'utf16le');
  const header = Buffer.alloc(VARIABLE_HEADER);
  header.writeUInt16LE(VARIABLE_START, 0);
  header.writeUInt8(VARIABLE_ADDED, 2);
  header.writeUInt32LE(ATTRIBUTES, 4);
  // MonotonicCount, PubKeyIndex: zero. EFI_TIME: any time, such as 2010-01-01, is older than the next update.
  header.writeUInt16LE(2010, 16);
  header.writeUInt8(1, 18);
  header.writeUInt8(1, 19);
  header.writeUInt32LE(text.length, 36);
  header.writeUInt32LE(data.length, 40);
  vendor.copy(header, 44);
  return Buffer.concat([header, text, data]);
}

/** First byte after the header of the variable store, and the first byte after the store. */
function findStore(store: Buffer, path: string): { first: number; end: number } {
  const { offset, text } = VOLUME_SIGNATURE;
  const isVolume = store.length > 1024 && store.toString('latin1', offset, offset + text.length) === text;
  const start = isVolume ? store.readUInt16LE(HEADER_LENGTH_OFFSET) : 0;
  if (
    !isVolume ||
    start + STORE_HEADER > store.length ||
    !store.subarray(start).subarray(0, 16).equals(STORE_GUID)
  ) {
    throw unusable(path, 'is not a store of authenticated UEFI variables');
  }
  const size = store.readUInt32LE(start + 16);
  const state = [store[start + 20], store[start + 21]];
  if (size < STORE_HEADER || start + size > store.length) throw unusable(path, 'is cut off');
  if (state[0] !== STORE_FORMATTED || state[1] !== STORE_HEALTHY) throw unusable(path, 'is not formatted');
  return { first: start + STORE_HEADER, end: start + size };
}

/** Where the next variable goes. A `db` that is there already would be merged with ours by nobody: it is refused. */
function freeSpace(store: Buffer, first: number, end: number, path: string): number {
  let at = first;
  while (at + VARIABLE_HEADER <= end && store.readUInt16LE(at) === VARIABLE_START) {
    const [nameSize, dataSize] = [store.readUInt32LE(at + 36), store.readUInt32LE(at + 40)];
    const name = store.subarray(at + VARIABLE_HEADER, at + VARIABLE_HEADER + nameSize).toString('utf16le');
    if (name === 'db\0' && store[at + 2] === VARIABLE_ADDED) {
      throw unusable(path, 'already has keys of Secure Boot');
    }
    at = aligned(at + VARIABLE_HEADER + nameSize + dataSize);
  }
  if (at > end) throw unusable(path, 'is cut off');
  if (store.subarray(at, end).some((byte) => byte !== 0xff)) throw unusable(path, 'is damaged');
  return at;
}

function aligned(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
}

function unusable(path: string, what: string, cause?: unknown): VeritySignError {
  return new VeritySignError('usage', `${path} ${what}`, {
    remedy:
      'Give the empty variable store that belongs to the firmware, such as OVMF_VARS_4M.fd of the package ovmf',
    cause,
  });
}

/** A GUID as UEFI stores it: the first three fields little-endian. */
function guid(text: string): Buffer {
  const bytes = Buffer.from(text.replaceAll('-', ''), 'hex');
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes;
}
