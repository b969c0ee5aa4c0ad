import { type ClientRequestArgs, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ConnectionOptions, connect as tlsConnect } from 'node:tls';
import { Deadline } from './deadline.ts';
import { agentProxy, type HttpProxy, proxyFor } from './proxy.ts';
import { DIRECT, openTunnel } from './tunnel.ts';

interface AgentOptions {
  /** Connections to one server that are kept. */
  connections: number;
  /** Milliseconds that a proxy may take for a tunnel. */
  timeout: number;
  signal: AbortSignal;
  /** Where the proxy variables are. Default: the environment of the process. */
  env?: NodeJS.ProcessEnv;
}

type Created = (error: Error | null, socket: Duplex) => void;

/**
 * Agents for a client that sends its requests itself: they take the same proxies as HttpClient, and give up
 * a tunnel in time, which Node's own do not. Requests fail with HttpError where a proxy is at fault.
 * @throws HttpError 'proxy-setting'
 */
export function proxyAgents({ connections, timeout, signal, env = process.env }: AgentOptions): {
  httpAgent: HttpAgent;
  httpsAgent: HttpsAgent;
} {
  const kept = { keepAlive: true, maxSockets: connections };
  // Checked here, since a client may wait forever after an exception in its agent.
  agentProxy(new URL('https://any.invalid'), env);
  return {
    httpAgent: new HttpAgent({ ...kept, proxyEnv: agentProxy(new URL('http://any.invalid'), env) }),
    httpsAgent: new TunnelAgent({ ...kept, ...DIRECT }, { timeout, signal, env }),
  };
}

class TunnelAgent extends HttpsAgent {
  readonly #limits: Required<Omit<AgentOptions, 'connections'>>;

  constructor(options: object, limits: Required<Omit<AgentOptions, 'connections'>>) {
    super(options);
    this.#limits = limits;
  }

  override createConnection(options: ClientRequestArgs, created: Created): Duplex | null | undefined {
    const host = String(options.host);
    const url = new URL(`https://${host.includes(':') ? `[${host}]` : host}:${options.port ?? 443}`);
    const proxy = proxyFor(url, this.#limits.env);
    if (proxy === undefined) return super.createConnection(options, created);
    this.#tunnel(url, proxy).then(
      (socket) => created(null, tlsConnect({ ...(options as ConnectionOptions), socket })),
      (error: Error) => created(error, undefined as never),
    );
    return undefined;
  }

  async #tunnel(url: URL, proxy: HttpProxy): Promise<Socket> {
    const { timeout, signal } = this.#limits;
    const deadline = new Deadline(timeout, signal);
    try {
      return await openTunnel(url, proxy, deadline.signal);
    } catch (error) {
      deadline.throwIfOver(url, proxy);
      throw error;
    }
  }
}
