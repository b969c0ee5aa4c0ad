import { HttpError, type HttpFailure } from './errors.ts';
import { type HttpProxy, proxyName } from './proxy.ts';

/** What Node and OpenSSL call a certificate that they refuse. An alert is the server's word about ours. */
const CERTIFICATE = /^(?!.*ALERT).*(?:CERT|SELF_SIGNED|UNABLE_TO|ALTNAME|CRL)/;
const TLS = /^(?:EPROTO$|ERR_SSL)/;

/** What an error of Node's says about the server. */
export function serverFailure(error: unknown, url: URL): HttpError {
  if (error instanceof HttpError) return error;
  const code = codeOf(error);
  const [failure, what] = describe(code);
  return new HttpError(failure, what, { url, code, cause: error });
}

/** What an error of Node's says about the proxy, while the connection is one to the proxy. */
export function proxyFailure(error: unknown, url: URL, proxy: HttpProxy): HttpError {
  if (error instanceof HttpError) return error;
  const code = codeOf(error);
  const [, what] = describe(code);
  return new HttpError('proxy', `cannot be reached: ${proxyName(proxy)} ${what}`, {
    ...{ url, code, cause: error },
    remedy: `Check ${proxy.variable}, or exempt the server with NO_PROXY`,
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

function describe(code: string): [HttpFailure, string] {
  if (CERTIFICATE.test(code)) return ['certificate', `has a TLS certificate that is not trusted (${code})`];
  if (TLS.test(code)) return ['unreachable', `does not speak TLS as expected (${code})`];
  if (code.startsWith('HPE_')) return ['unreachable', `does not answer in HTTP (${code})`];
  if (code === 'ECONNRESET' || code === 'EPIPE') {
    return ['interrupted', `closed the connection without an answer (${code})`];
  }
  return ['unreachable', `cannot be reached (${code})`];
}
