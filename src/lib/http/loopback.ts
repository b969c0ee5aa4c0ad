/** Whether a URL's host is this machine, so that what is sent there unencrypted stays here. */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname) || /^(.+\.)?localhost$/.test(hostname);
}
