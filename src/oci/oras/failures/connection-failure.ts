import type { SpokenCause } from './cause.ts';

/** Failures of the proxy. A connection to the proxy itself fails with `proxyconnect`. [Go net/http] */
export const PROXY_CAUSES: readonly SpokenCause[] = [
  {
    pattern: /proxyconnect.*first record does not look like a TLS handshake/i,
    code: 'registry',
    message: ({ registry }) => `the proxy for ${registry} does not speak TLS, but its URL begins with https`,
    remedy: () =>
      'Set HTTPS_PROXY to a URL that begins with http://; requests to the registry use TLS anyway',
  },
  {
    pattern: /proxyconnect.*x509: /i,
    code: 'registry',
    message: ({ registry }) => `the TLS certificate of the proxy for ${registry} is not trusted`,
    remedy: () =>
      'Set SSL_CERT_FILE to the certificate of its authority, or HTTPS_PROXY to a URL that begins with http://',
  },
  {
    pattern: /: Proxy Authentication Required$/i,
    code: 'registry',
    message: ({ registry }) => `the proxy for ${registry} requires other credentials`,
    remedy: () => 'Put user name and password into HTTPS_PROXY: http://USER:PASSWORD@HOST:PORT',
  },
  {
    transient: true,
    pattern: /proxyconnect/i,
    code: 'registry',
    message: ({ registry }) => `the proxy for ${registry} cannot be reached`,
    remedy: () => 'Check HTTPS_PROXY and HTTP_PROXY, or exempt the registry with NO_PROXY',
  },
  {
    // The answer of a proxy to CONNECT: Go shows its status text alone, at the end.
    pattern: /\b(?:Get|Head|Post|Put|Patch)\s*: (?!EOF)[A-Z][A-Za-z' -]*$/,
    code: 'registry',
    message: ({ registry }) => `the proxy does not permit a connection to ${registry}`,
    remedy: () => 'Permit the registry in the proxy, or exempt it with NO_PROXY',
  },
];

/** Failures of TLS. [Go crypto/x509, crypto/tls] */
export const TLS_CAUSES: readonly SpokenCause[] = [
  {
    pattern: /gave HTTP response to HTTPS client/i,
    code: 'registry',
    message: () => 'the registry answers in plain HTTP instead of HTTPS',
    remedy: () => 'Set plain-http if this registry has no TLS',
  },
  {
    pattern: /first record does not look like a TLS handshake/i,
    code: 'registry',
    message: ({ registry }) => `${registry} does not answer in TLS`,
    remedy: () => 'Check the port, or set plain-http if this registry has no TLS',
  },
  {
    pattern: /x509: certificate has expired or is not yet valid/i,
    code: 'registry',
    message: ({ registry }) => `the TLS certificate of ${registry} has expired or is not valid yet`,
    remedy: () => "Check this machine's clock; if it is right, the registry needs a new certificate",
  },
  {
    pattern:
      /x509: (?:certificate is (?:valid for|not valid for any names)|cannot validate certificate for|certificate relies on legacy Common Name)/i,
    code: 'registry',
    message: ({ registry }) => `the TLS certificate of ${registry} is for other names`,
    remedy: () =>
      'Name the registry by a name in its certificate (subjectAltName), or have one issued for this name',
  },
  {
    pattern: /x509: certificate signed by unknown authority|failed to verify certificate/i,
    code: 'registry',
    message: ({ registry }) => `the TLS certificate of ${registry} is not trusted`,
    remedy: () =>
      "Set ca-file, or the variable SSL_CERT_FILE, to a PEM file with the certificate of the registry's certificate authority",
  },
  {
    // An alert of the server is about the certificate of the client, which it may demand.
    pattern: /remote error: tls: .*(?:certificate|handshake failure|access denied)/i,
    code: 'registry',
    message: ({ registry }) => `${registry} demands a client certificate that it trusts`,
    remedy: () =>
      'Set client-certificate and client-key to a certificate for this registry and its key; if it demands none, compare the versions of TLS that both support',
  },
  {
    pattern:
      /private key does not match public key|failed to find any PEM data|tls: failed to parse private key/i,
    code: 'usage',
    message: () => 'client-certificate and client-key are not usable',
    remedy: () =>
      'Set client-certificate to PEM certificates, and client-key to the PEM key that belongs to the first',
  },
  {
    pattern: /tls: /i,
    code: 'registry',
    message: ({ registry }) => `no TLS connection to ${registry} can be made`,
    remedy: () => 'Check what openssl s_client -connect prints for this registry, and the proxy in between',
  },
];
