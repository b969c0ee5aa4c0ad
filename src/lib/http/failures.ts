import { HttpError, type HttpFailure } from './errors.ts';
import { type HttpProxy, proxyName } from './proxy.ts';

/** What Node and OpenSSL call a certificate that they refuse. An alert is the server's word about ours. */
const CERTIFICATE = /^(?!.*ALERT).*(?:CERT|SELF_SIGNED|UNABLE_TO|ALTNAME|CRL)/;
const EXPIRED = /^CERT_(?:HAS_EXPIRED|NOT_YET_VALID)$/;
/** Alerts of a server that wants to know its clients. */
const DEMANDED = /ALERT_(?:CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA)/;
const TLS = /^(?:EPROTO$|ERR_SSL)/;

/** What an error of Node's says about the server. */
export function serverFailure(error: unknown, url: URL): HttpError {
  if (error instanceof HttpError) return error;
  const code = codeOf(error);
  const [failure, what, remedy] = describe(code);
  return new HttpError(failure, what, {
    ...{ url, code, cause: error },
    ...(remedy === undefined ? {} : { remedy }),
  });
}

/** What an error of Node's says about the proxy, while the connection is one to the proxy. */
export function proxyFailure(error: unknown, url: URL, proxy: HttpProxy): HttpError {
  if (error instanceof HttpError) return error;
  const code = codeOf(error);
  const [, what] = describe(code);
  return new HttpError('proxy', `cannot be reached: ${proxyName(proxy)} ${what}`, {
    ...{ url, code, cause: error },
    remedy:
      proxy.protocol === 'https:' && TLS.test(code)
        ? `Set ${proxy.variable} to a URL that begins with http://: the proxy may not speak TLS itself`
        : `Check ${proxy.variable}, or exempt the server with NO_PROXY`,
  });
}

/** The proxy's own answer in place of the server's. */
export function proxyRefusal(status: number, url: URL, proxy: HttpProxy): HttpError {
  const credentials = status === 407;
  const why = credentials ? 'demands other credentials (status 407)' : `answered with status ${status}`;
  return new HttpError('proxy', `cannot be reached: ${proxyName(proxy)} ${why}`, {
    ...{ url, status },
    remedy: credentials
      ? `Put user name and password into ${proxy.variable}: http://USER:PASSWORD@HOST:PORT`
      : 'Check that the proxy permits this server, or exempt the server with NO_PROXY',
  });
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown error';
}

/** What happened, and what to do if that is the same for every server. */
function describe(code: string): [HttpFailure, string, string?] {
  if (EXPIRED.test(code)) {
    return [
      'certificate',
      `has a TLS certificate that has expired or is not valid yet (${code})`,
      "Check this machine's clock; if it is right, the server needs a new certificate",
    ];
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return [
      'certificate',
      `has a TLS certificate for other names (${code})`,
      'Use a name of the server that is in its certificate',
    ];
  }
  if (CERTIFICATE.test(code)) return ['certificate', `has a TLS certificate that is not trusted (${code})`];
  if (DEMANDED.test(code)) return ['unreachable', `demands a client certificate (${code})`];
  if (TLS.test(code)) return ['unreachable', `does not speak TLS as expected (${code})`];
  if (code.startsWith('HPE_')) return ['unreachable', `does not answer in HTTP (${code})`];
  if (code === 'ECONNRESET' || code === 'EPIPE') {
    return ['interrupted', `closed the connection without an answer (${code})`];
  }
  return ['unreachable', `cannot be reached (${code})`];
}
