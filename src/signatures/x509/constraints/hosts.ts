/** dNSName, rfc822Name and uniformResourceIdentifier in name constraints. [RFC 5280, 4.2.1.10] */

/** In lowercase. */
const HOST = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/;
/** A local part without quotes; quoted ones have several spellings. [RFC 5322, 3.2.3] */
const LOCAL_PART = /^[\w.!#$%&'*+/=?^`{|}~-]+$/;
/** A URI with an authority; the group is its host. [RFC 3986, 3.2] */
const URI_HOST =
  /^[A-Za-z][A-Za-z0-9+.-]*:\/\/(?:[\w.~!$&'()*+,;=:%-]*@)?([A-Za-z0-9._-]+)(?::[0-9]*)?(?:[/?#]|$)/;

interface Mailbox {
  local: string;
  host: string;
}

/** A host, or after `*.` all with one more label; `undefined` for what is no such name. */
export function dnsName(text: string): string | undefined {
  const lower = text.toLowerCase();
  return HOST.test(lower.replace(/^\*\./, '')) ? lower : undefined;
}

/** A domain, or after a dot what is below it, as OpenSSL and Go have it; an empty one is that of all names. */
export function dnsBase(text: string): string | undefined {
  const lower = text.toLowerCase();
  return lower === '' || HOST.test(lower.replace(/^\./, '')) ? lower : undefined;
}

/** Whether a name is the base with any number of labels before it. */
export function isInDomain(base: string, name: string): boolean {
  if (base.startsWith('.')) return name.endsWith(base);
  return base === '' || name === base || name.endsWith(`.${base}`);
}

/** As `isInDomain`; a wildcard also reaches into a base with one more label than its own. */
export function reachesDomain(base: string, name: string): boolean {
  if (isInDomain(base, name)) return true;
  if (!name.startsWith('*.')) return false;
  const suffix = name.slice(1);
  const host = base.replace(/^\./, '');
  return host.endsWith(suffix) && !host.slice(0, -suffix.length).includes('.');
}

export function mailbox(text: string): Mailbox | undefined {
  const at = text.lastIndexOf('@');
  const [local, host] = [text.slice(0, Math.max(at, 0)), text.slice(at + 1).toLowerCase()];
  return LOCAL_PART.test(local) && HOST.test(host) ? { local, host } : undefined;
}

/** A mailbox, a host, or after a dot the domain whose hosts are meant. */
export function mailboxBase(text: string): Mailbox | string | undefined {
  return text.includes('@') ? mailbox(text) : hostBase(text);
}

/** The local part is compared exactly. [RFC 5280, 7.5] */
export function isMailboxOf(base: Mailbox | string, { local, host }: Mailbox): boolean {
  return typeof base === 'string' ? isHostOf(base, host) : base.local === local && base.host === host;
}

/** The host of a URI in lowercase; `undefined` without one that is a domain name. */
export function uriHost(text: string): string | undefined {
  const host = URI_HOST.exec(text)?.[1]?.toLowerCase() ?? '';
  const isAddress = /^[0-9]+$/.test(host.slice(host.lastIndexOf('.') + 1));
  return HOST.test(host) && !isAddress ? host : undefined;
}

/** A host, or after a dot the domain whose hosts are meant. */
export function hostBase(text: string): string | undefined {
  const lower = text.toLowerCase();
  return HOST.test(lower.replace(/^\./, '')) ? lower : undefined;
}

/** Whether a host is the base, or below it if the base begins with a dot. */
export function isHostOf(base: string, host: string): boolean {
  return base.startsWith('.') ? host.endsWith(base) : host === base;
}
