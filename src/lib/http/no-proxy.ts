import { BlockList, isIP, isIPv4 } from 'node:net';

const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/**
 * Whether NO_PROXY exempts this address. Entries are separated by commas or spaces: `*` for every host; a
 * domain, which stands for its subdomains too (`example.com`, `.example.com` and `*.example.com` mean the
 * same); an IP address; a network such as `10.0.0.0/8`. All but networks and `*` may have a port. That is
 * how curl and oras read it; Node's own reading has no networks and no subdomains.
 */
export function bypassesProxy(url: URL, noProxy: string): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const port = url.port || DEFAULT_PORTS[url.protocol];
  const entries = noProxy.toLowerCase().split(/[\s,]+/);
  return entries.some((entry) => entry !== '' && matches(entry, host, port));
}

function matches(entry: string, host: string, port: string | undefined): boolean {
  if (entry === '*') return true;
  if (entry.includes('/')) return isIP(host) !== 0 && isInNetwork(entry, host);
  const { name, port: wanted } = splitPort(entry);
  if (wanted !== undefined && wanted !== port) return false;
  if (isIP(name) !== 0 || isIP(host) !== 0) return isIP(name) !== 0 && isSameAddress(name, host);
  const domain = name.replace(/^\*?\./, '');
  return domain !== '' && (host === domain || host.endsWith(`.${domain}`));
}

/** An IPv6 address has colons of its own and stands in brackets where a port follows. */
function splitPort(entry: string): { name: string; port: string | undefined } {
  if (isIP(entry) !== 0) return { name: entry, port: undefined };
  const [, bracketed, plain = '', port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(entry) ?? [];
  return { name: bracketed ?? plain, port };
}

function isSameAddress(one: string, other: string): boolean {
  if (isIPv4(one) || isIPv4(other)) return one === other;
  // IPv6 has more than one way to write an address.
  return isIP(other) !== 0 && isInNetwork(`${one}/128`, other);
}

function isInNetwork(network: string, host: string): boolean {
  const [address = '', length = ''] = network.split('/');
  const bits = isIPv4(address) ? 32 : 128;
  if (isIP(address) !== isIP(host) || !/^\d{1,3}$/.test(length) || Number(length) > bits) return false;
  const list = new BlockList();
  list.addSubnet(address, Number(length), bits === 32 ? 'ipv4' : 'ipv6');
  return list.check(host, bits === 32 ? 'ipv4' : 'ipv6');
}
