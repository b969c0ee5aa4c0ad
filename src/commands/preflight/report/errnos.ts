/** What an errno of the kernel means where a layer is opened with its signature. [measured on Linux 6.12 and 7.3] */
const OPENING: Readonly<Record<string, string>> = {
  ENOKEY: 'no key that the kernel trusts has signed it',
  EKEYREJECTED: 'the signature is damaged or belongs to another root hash',
  EBADMSG:
    'the signature is not PKCS#7 in DER without content, or has a certificate that the kernel cannot parse',
  ENOPKG: 'the kernel does not support the algorithm of the signature',
  EINVAL: 'the signature is damaged, or the kernel does not support its key size',
  EKEYEXPIRED: 'the key has expired',
  EACCES: 'the policy denies it',
  EPERM: 'the policy denies it',
  EIO: 'its blocks do not match the root hash: it was changed',
  ENOMEM: 'the VM has too little memory',
};
const MOUNTING: Readonly<Record<string, string>> = {
  EIO: 'its blocks do not match the root hash: it was changed',
  EINVAL: 'the kernel does not support this EROFS image',
  EOPNOTSUPP: 'the kernel does not support a feature of this EROFS image',
  EUCLEAN: 'the EROFS image is damaged',
  ENOMEM: 'the VM has too little memory',
};
/** Bytes: the kernel reads the superblock of EROFS in a whole page. */
const SMALLEST_IMAGE = 4096;
const TOO_SMALL = 'kernels mount no EROFS image smaller than 4096 bytes';
const NO_SIGNATURE = 'it has no signature, and the kernel requires one';

/**
 * An outcome of a layer in words.
 * @param signed whether the kernel got a signature
 * @param size bytes of the image
 */
export function layerReason(
  step: 'disk' | 'open' | 'mount',
  outcome: string,
  signed: boolean,
  size: number,
): string {
  if (step === 'disk') return `the VM does not see the disk of the layer (${outcome})`;
  if (step === 'open' && outcome === 'ENOKEY' && !signed) return `${NO_SIGNATURE} (ENOKEY)`;
  if (step === 'mount' && outcome === 'EIO' && size < SMALLEST_IMAGE) return `${TOO_SMALL} (EIO)`;
  const words = (step === 'open' ? OPENING : MOUNTING)[outcome];
  const doing = step === 'open' ? 'the kernel does not open it' : 'the kernel does not mount it';
  return words === undefined ? `${doing} (${outcome})` : `${words} (${outcome})`;
}

const STARTING: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file, or its interpreter is missing',
  EACCES: 'it is not executable, it is a folder, or the policy denies it',
  ENOEXEC: 'it is no program, and has no #! line',
  ENOTDIR: 'a part of its path is no folder',
  ELOOP: 'its path has too many symbolic links',
  E2BIG: 'its arguments and environment are longer than the kernel takes',
  ENOMEM: 'the VM has too little memory',
};

/** Why a program could not be started. */
export function startReason(outcome: string): string {
  const words = STARTING[outcome];
  return words === undefined ? outcome : `${words} (${outcome})`;
}
