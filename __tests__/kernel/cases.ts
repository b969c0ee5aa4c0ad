/**
 * What is shown to the kernel one layer at a time. All cases use one image layer; what differs is the
 * signature, the root hash, or what has happened to the file on the disk.
 */
import { constants, publicDecrypt, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openssl } from '../helpers/pki.ts';
import type { Signer, SignerName } from './signers.ts';

export interface Case {
  name: string;
  what: string;
  /** `accepted`, or the step that fails and its errno: `open:ENOKEY`. */
  kernel: string;
  /** Where `verify` says otherwise on purpose: why. */
  differs?: string;
  /** Without it: unsigned. */
  signature?: (builder: SignatureMaker) => Buffer | Promise<Buffer>;
  /** The device gets the root hash of another layer. */
  otherRootHash?: true;
  /** Byte of the file to invert after signing. */
  flip?: (hashOffset: number) => number;
}

/** Whose signatures, made by this project's dist, the kernel must accept. */
export const OURS = {
  rsa2048: 'RSA-2048, SHA-256; the root is trusted',
  rsa3072: 'RSA-3072, SHA-384',
  rsa4096: 'RSA-4096, SHA-512',
  p256: 'ECDSA P-256, SHA-256, under an RSA root',
  p384: 'ECDSA P-384, SHA-384',
  p521: 'ECDSA P-521, SHA-512',
  pinned: 'the signing certificate itself is trusted',
  chained: 'two embedded intermediates lead to the trusted root',
} as const;

export type OwnSigner = keyof typeof OURS;

const STRICTER = 'verify takes only the form that this project writes';
const NOT_CHECKED = 'the kernel does not look at it';
const ON_THE_NODE = "verify judges what the registry holds, not what is on a node's disk";

const DIRECT: Case[] = (Object.keys(OURS) as OwnSigner[]).map((name) => {
  return { name, what: OURS[name], kernel: 'accepted', signature: (builder) => builder.ours[name] };
});

export const CASES: readonly Case[] = [
  ...DIRECT,
  accepted('root-embedded', 'the root is embedded as well', (builder) =>
    builder.sign('chained', { options: ['-certfile', builder.signers.chained.issuers] }),
  ),
  accepted(
    'expired',
    "the signer's certificate expired in 2021",
    (builder) => builder.sign('expired'),
    NOT_CHECKED,
  ),
  accepted(
    'issuer-is-no-ca',
    "the signer's issuer is not a CA",
    (builder) => builder.sign('underNoCa', { options: ['-certfile', builder.signers.noCa.certificate] }),
    NOT_CHECKED,
  ),
  accepted(
    'trailing-bytes',
    'four zero bytes after the DER',
    ({ ours }) => Buffer.concat([ours.rsa2048, Buffer.alloc(4)]),
    STRICTER,
  ),
  accepted(
    'largest',
    'filled up with zero bytes to 32,767, the most that a key of the keyring has',
    ({ ours }) => filledTo(ours.rsa2048, 32_767),
    STRICTER,
  ),
  accepted(
    'signed-attributes',
    'content type, digest and time as signed attributes',
    (builder) => builder.sign('rsa2048', { attributes: ['-nosmimecap'] }),
    STRICTER,
  ),
  accepted(
    'no-certificates',
    'nothing embedded, the signing certificate itself is trusted',
    (builder) => builder.sign('pinned', { options: ['-nocerts'] }),
    STRICTER,
  ),
  accepted(
    'second-signer-untrusted',
    'a second signature by somebody unknown',
    ({ sign, signers: { rogue } }) =>
      sign('rsa2048', { options: ['-signer', rogue.certificate, '-inkey', rogue.key] }),
    STRICTER,
  ),

  { name: 'unsigned', what: 'no signature at all', kernel: 'open:ENOKEY' },
  refused('untrusted-signer', 'self-signed, unknown to the kernel', 'ENOKEY', ({ sign }) => sign('rogue')),
  refused('intermediate-missing', 'the chain stops before the trusted root', 'ENOKEY', ({ sign }) =>
    sign('chained'),
  ),
  refused('leaf-not-embedded', 'nothing embedded, only the root is trusted', 'ENOKEY', ({ sign }) =>
    sign('rsa2048', { options: ['-nocerts'] }),
  ),
  refused(
    'signer-by-key-id',
    'the signer is named by key identifier, only the root is trusted',
    'ENOKEY',
    ({ sign }) => sign('rsa2048', { options: ['-keyid'] }),
  ),
  refused('tampered-rsa', 'a byte of the RSA signature inverted', 'EINVAL', ({ ours, signers }) =>
    tamperedRsa(ours.rsa2048, signers.rsa2048),
  ),
  refused('tampered-ecdsa', 'a byte of the ECDSA signature inverted', 'EKEYREJECTED', ({ ours }) =>
    inverted(ours.p256, ours.p256.length - 9),
  ),
  refused('other-layers-signature', 'the signature of another layer', 'EKEYREJECTED', (builder) =>
    builder.sign('rsa2048', { content: builder.otherRootHash }),
  ),
  {
    ...refused(
      'wrong-root-hash',
      'another root hash than the signed one',
      'EKEYREJECTED',
      ({ ours }) => ours.rsa2048,
    ),
    otherRootHash: true,
  },
  {
    name: 'other-layers-root-hash',
    what: 'root hash and signature of another layer',
    kernel: 'mount:EIO',
    signature: (builder) => builder.sign('rsa2048', { content: builder.otherRootHash }),
    otherRootHash: true,
  },
  refused('raw-bytes', 'signed content is the 32 bytes, not the 64 digits', 'EKEYREJECTED', (builder) =>
    builder.sign('rsa2048', { content: Buffer.from(builder.rootHash, 'hex') }),
  ),
  refused('newline', 'a newline after the digits', 'EKEYREJECTED', (builder) =>
    builder.sign('rsa2048', { content: `${builder.rootHash}\n` }),
  ),
  refused('uppercase', 'uppercase digits', 'EKEYREJECTED', (builder) =>
    builder.sign('rsa2048', { content: builder.rootHash.toUpperCase() }),
  ),
  refused(
    'smime-capabilities',
    'signed attributes with S/MIME capabilities, as openssl adds them',
    'EKEYREJECTED',
    ({ sign }) => sign('rsa2048', { attributes: [] }),
  ),
  refused('pss', 'RSASSA-PSS instead of PKCS#1 v1.5', 'ENOPKG', ({ sign }) =>
    sign('rsa2048', { options: ['-keyopt', 'rsa_padding_mode:pss'] }),
  ),
  refused('rsa2560', 'an RSA key of 2560 bits', 'EINVAL', ({ sign }) => sign('rsa2560')),
  refused('pem', 'PEM instead of DER', 'EBADMSG', ({ sign }) =>
    sign('rsa2048', { options: ['-outform', 'PEM'] }),
  ),
  refused('not-detached', 'the content is embedded', 'EBADMSG', ({ sign }) =>
    sign('rsa2048', { options: ['-nodetach'] }),
  ),
  refused(
    'generalized-time',
    'a date before 2050 in the certificate is GeneralizedTime',
    'EBADMSG',
    ({ sign }) => sign('lateGeneralizedTime'),
  ),
  refused('no-subject', 'the certificate has an empty subject', 'EBADMSG', ({ sign }) => sign('noSubject')),
  refused('long-key-id', 'its subjectKeyIdentifier has 200 bytes', 'EBADMSG', ({ sign }) =>
    sign('longKeyId'),
  ),
  refused('explicit-false', 'its basicConstraints say FALSE', 'EBADMSG', ({ sign }) => sign('explicitFalse')),
  refused('compressed-key', 'its EC key is a compressed point', 'EINVAL', ({ sign }) =>
    sign('compressedKey'),
  ),
  refused('self-issued', "it has its issuer's name and no authorityKeyIdentifier", 'EINVAL', ({ sign }) =>
    sign('selfIssued'),
  ),
  refused(
    'old-number',
    'it names its issuer by key and by the serial number before the CA was renewed',
    'ENOKEY',
    ({ sign }) => sign('oldNumber'),
  ),
  refused(
    'cross-signed',
    "the trusted root's key and name are embedded, cross-signed by an unknown root",
    'ENOKEY',
    ({ sign, signers }) => sign('crossSigned', { options: ['-certfile', signers.crossSigned.issuers] }),
  ),
  refused('too-large', 'filled up to 32,768 bytes: not even a key of the keyring', 'EINVAL', ({ ours }) =>
    filledTo(ours.rsa2048, 32_768),
  ),
  refused('empty', 'an empty file: not even a key of the keyring', 'EINVAL', () => Buffer.alloc(0)),

  damaged('data-block-flipped', 'a byte of the data inverted after signing', 'read:EIO', (hashOffset) =>
    Math.floor(hashOffset / 2),
  ),
  // Superblock, the top block, then the lowest level.
  damaged(
    'hash-block-flipped',
    "a byte of the tree's lowest level inverted",
    'read:EIO',
    (hashOffset) => hashOffset + 4 * 4096,
  ),
  damaged(
    'top-hash-block-flipped',
    "a byte of the tree's top block inverted",
    'mount:EIO',
    (hashOffset) => hashOffset + 4096,
  ),
];

type Signature = NonNullable<Case['signature']>;

function accepted(name: string, what: string, signature: Signature, differs?: string): Case {
  return { name, what, kernel: 'accepted', signature, ...(differs === undefined ? {} : { differs }) };
}

function refused(name: string, what: string, errno: string, signature: Signature): Case {
  return { name, what, kernel: `open:${errno}`, signature };
}

function damaged(name: string, what: string, kernel: string, flip: (hashOffset: number) => number): Case {
  return { name, what, kernel, flip, differs: ON_THE_NODE, signature: ({ ours }) => ours.rsa2048 };
}

/** Signed content and options of one signature made by openssl. */
interface Variation {
  /** Default: the root hash. */
  content?: string | Buffer;
  options?: readonly string[];
  /** Instead of `-noattr`. */
  attributes?: readonly string[];
}

export interface SignatureMaker {
  /** Signatures of the layer by this project's dist, as the registry gave them back. */
  ours: Readonly<Record<OwnSigner, Buffer>>;
  signers: Readonly<Record<SignerName, Signer>>;
  rootHash: string;
  otherRootHash: string;
  /** Detached CMS by openssl, DER. */
  sign(signer: SignerName, variation?: Variation): Promise<Buffer>;
}

export function signatureMaker(input: Omit<SignatureMaker, 'sign'>, folder: string): SignatureMaker {
  const sign = async (signer: SignerName, variation: Variation = {}): Promise<Buffer> => {
    const { content = input.rootHash, options = [], attributes = ['-noattr'] } = variation;
    const { key, certificate } = input.signers[signer];
    const own = await mkdtemp(join(folder, 'cms-'));
    const path = join(own, 'content');
    await writeFile(path, content);
    const how = ['-binary', ...attributes, '-outform', 'DER', '-in', path];
    const who = ['-signer', certificate, '-inkey', key];
    const signature = await openssl(['cms', '-sign', ...how, ...who, ...options], own);
    await rm(own, { recursive: true });
    return signature;
  };
  return { ...input, sign };
}

function filledTo(signature: Buffer, length: number): Buffer {
  return Buffer.concat([signature, Buffer.alloc(length - signature.length)]);
}

function inverted(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(~copy.readUInt8(at) & 0xff, at);
  return copy;
}

/**
 * The kernel says EINVAL if what the public key makes of the signature does not begin with a zero byte,
 * and EBADMSG for the one value in 256 that does: one is taken that does not. [crypto/rsa-pkcs1pad.c]
 */
async function tamperedRsa(signature: Buffer, signer: Signer): Promise<Buffer> {
  const { publicKey } = new X509Certificate(await readFile(signer.certificate));
  for (let at = signature.length - 9; ; at--) {
    const tampered = inverted(signature, at);
    const value = tampered.subarray(-256);
    const plain = publicDecrypt({ key: publicKey, padding: constants.RSA_NO_PADDING }, value);
    if (plain.readUInt8(0) !== 0) return tampered;
  }
}
