/** iPAddress in name constraints. [RFC 5280, 4.2.1.10; RFC 4632] */

export interface Network {
  address: Uint8Array;
  mask: Uint8Array;
}

/** Four bytes for IPv4, 16 for IPv6; `undefined` for anything else. */
export function ipAddress(bytes: Uint8Array): Uint8Array | undefined {
  return bytes.length === 4 || bytes.length === 16 ? bytes : undefined;
}

/** An address and a mask of the same length; `undefined` for anything else, and a mask with gaps. */
export function network(bytes: Uint8Array): Network | undefined {
  const half = bytes.length / 2;
  const address = bytes.subarray(0, half);
  const mask = bytes.subarray(half);
  if (ipAddress(address) === undefined || address.length !== mask.length) return undefined;
  const bits = [...mask].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return /^1*0*$/.test(bits) ? { address, mask } : undefined;
}

export function isInNetwork({ address, mask }: Network, name: Uint8Array): boolean {
  if (address.length !== name.length) return false;
  return name.every((byte, index) => ((byte ^ (address[index] ?? 0)) & (mask[index] ?? 0)) === 0);
}
