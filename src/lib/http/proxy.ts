import { HttpError } from './errors.ts';
import { bypassesProxy } from './no-proxy.ts';

/** An HTTP proxy that the environment names. */
export interface HttpProxy {
  /** The variable that names it. */
  variable: string;
  protocol: 'http:' | 'https:';
  /** Without brackets around an IPv6 address. */
  host: string;
  port: number;
  /** Value of `proxy-authorization`; never shown. */
  authorization: string | undefined;
}

const VARIABLES: Readonly<Record<string, readonly string[]>> = {
  'http:': ['http_proxy', 'HTTP_PROXY'],
  'https:': ['https_proxy', 'HTTPS_PROXY'],
};

/**
 * The proxy for requests to this URL: `http_proxy` or `https_proxy` by the scheme of the URL, unless
 * `no_proxy` exempts it. Lower case goes first, and an empty variable counts as not set.
 * @throws HttpError 'proxy-setting', without the variable's value: it may hold a password
 */
export function proxyFor(url: URL, env: NodeJS.ProcessEnv): HttpProxy | undefined {
  return bypassesProxy(url, exemptions(env)) ? undefined : namedProxy(url, env);
}

/**
 * The same proxy as settings of an agent of Node's (`proxyEnv`), for clients that bring their own requests.
 * The agent reads the exemptions in its own way.
 * @throws HttpError 'proxy-setting'
 */
export function agentProxy(url: URL, env: NodeJS.ProcessEnv): Record<string, string> {
  const proxy = namedProxy(url, env);
  if (proxy === undefined) return {};
  const { protocol, host, port, authorization = '' } = proxy;
  const [user = '', ...rest] = Buffer.from(authorization.slice('Basic '.length), 'base64')
    .toString()
    .split(':');
  const credentials = authorization && `${encodeURIComponent(user)}:${encodeURIComponent(rest.join(':'))}@`;
  const name = url.protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  return { [name]: `${protocol}//${credentials}${inUrl(host)}:${port}`, no_proxy: exemptions(env) };
}

function namedProxy(url: URL, env: NodeJS.ProcessEnv): HttpProxy | undefined {
  const variable = VARIABLES[url.protocol]?.find((name) => env[name]);
  if (variable === undefined) return undefined;
  const proxy = parse(env[variable]?.trim() ?? '');
  if (proxy !== undefined) return { variable, ...proxy };
  throw new HttpError('proxy-setting', `cannot be reached: ${variable} is not the URL of an HTTP proxy`, {
    url,
    remedy: `Set ${variable} to a URL such as http://proxy.example:3128, or unset it`,
  });
}

function exemptions(env: NodeJS.ProcessEnv): string {
  return env.no_proxy || env.NO_PROXY || '';
}

/** For messages: the proxy without its credentials, and the variable that names it. */
export function proxyName({ variable, protocol, host, port }: HttpProxy): string {
  return `the proxy ${protocol}//${inUrl(host)}:${port} (${variable})`;
}

function inUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** A proxy without a scheme is one of `http://`, as for curl. */
function parse(text: string): Omit<HttpProxy, 'variable'> | undefined {
  const url = URL.parse(/^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  const protocol = url?.protocol;
  if (url === null || url.hostname === '' || (protocol !== 'http:' && protocol !== 'https:'))
    return undefined;
  return {
    protocol,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (protocol === 'https:' ? 443 : 80),
    authorization: url.username === '' && url.password === '' ? undefined : basic(url),
  };
}

function basic({ username, password }: URL): string {
  return `Basic ${Buffer.from(`${decode(username)}:${decode(password)}`).toString('base64')}`;
}

/** Text with a percent sign that begins no escape is taken as it stands. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
