import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  DIRECT,
  Deadline,
  openTunnel,
  proxyFailure,
  proxyFor,
  proxyRefusal,
  serverFailure
} from "./shared.lib.http.deadline.js";
import {
  retryAfter
} from "./shared.lib.http.retry-after.js";
import {
  HttpError
} from "./shared.lib.http.errors.js";

// src/lib/http/client.ts
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";

// src/lib/http/exchange.ts
import { once } from "node:events";
import { PassThrough } from "node:stream";
import { pipeline } from "node:stream/promises";

// src/lib/http/connection.ts
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP } from "node:net";
import { connect as tlsConnect } from "node:tls";
var NO_USER = { auth: "" };
function direct(url, head, { http, https, tls }) {
  return url.protocol === "https:" ? httpsRequest(url, { ...head, ...NO_USER, ...given(tls), agent: https }) : httpRequest(url, { ...head, ...NO_USER, agent: http });
}
function tunnelled(url, socket, head, tls) {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const servername = isIP(host) === 0 ? host : "";
  const createConnection = () => tlsConnect({ socket, host, servername, ALPNProtocols: ["http/1.1"], ...given(tls) });
  return httpsRequest(url, { ...head, ...NO_USER, defaultPort: 443, createConnection });
}
function forwarded(url, { protocol, host, port, authorization }, head, { http, https }) {
  const credentials = authorization !== void 0 && { "proxy-authorization": authorization };
  const request = {
    ...{ ...head, host, port, path: `${url.origin}${url.pathname}${url.search}` },
    headers: { ...head.headers, host: url.host, ...credentials }
  };
  return protocol === "https:" ? httpsRequest({ ...request, agent: https }) : httpRequest({ ...request, agent: http });
}
function given(files) {
  return Object.fromEntries(Object.entries(files).filter(([, pem]) => pem !== void 0));
}

// src/lib/http/read-body.ts
async function readBody(response, url, maxBytes) {
  const encoding = response.headers["content-encoding"]?.trim().toLowerCase() ?? "";
  if (encoding !== "" && encoding !== "identity") {
    throw new HttpError("encoding", "sent an unrequested compressed response", { url });
  }
  const chunks = [];
  let length = 0;
  try {
    for await (const chunk of response) {
      length += chunk.length;
      if (length > maxBytes) break;
      chunks.push(chunk);
    }
  } catch (cause) {
    throw interrupted(cause, url);
  }
  if (length <= maxBytes) return Buffer.concat(chunks, length);
  throw new HttpError("too-large", `sent an answer of more than ${inUnits(maxBytes)}`, { url });
}
function interrupted(cause, url) {
  const { code = "ECONNRESET" } = cause;
  return new HttpError("interrupted", `broke off its answer (${code})`, { url, code, cause });
}
function inUnits(bytes) {
  if (bytes % (1024 * 1024) === 0) return `${bytes / (1024 * 1024)} MiB`;
  return bytes % 1024 === 0 ? `${bytes / 1024} KiB` : `${bytes} bytes`;
}

// src/lib/http/exchange.ts
async function exchange(url, request, connections, { env, deadline }) {
  const proxy = proxyFor(url, env);
  try {
    const response = await ask(url, request, proxy, connections, deadline.signal);
    try {
      return await read(response, url, request, proxy);
    } finally {
      response.destroy();
    }
  } catch (error) {
    deadline.throwIfOver(url, proxy);
    throw error;
  }
}
async function openExchange(url, request, connections, { env, deadline }) {
  const proxy = proxyFor(url, env);
  try {
    const response = await ask(url, request, proxy, connections, deadline.signal);
    const { statusCode: status = 0, headers } = response;
    if (status !== 407 || proxy === void 0) {
      return { url, status, headers, stream: explained(response, url, deadline, proxy) };
    }
    response.destroy();
    throw proxyRefusal(status, url, proxy);
  } catch (error) {
    deadline.throwIfOver(url, proxy);
    throw error;
  }
}
function explained(response, url, deadline, proxy) {
  const out = new PassThrough();
  response.on("error", (cause) => {
    try {
      deadline.throwIfOver(url, proxy);
      out.destroy(interrupted(cause, url));
    } catch (error) {
      out.destroy(error);
    }
  });
  out.once("close", () => response.destroy());
  return response.pipe(out);
}
async function ask(url, { method, headers, body }, proxy, connections, signal) {
  const length = body !== void 0 && { "content-length": `${"size" in body ? body.size : body.length}` };
  const head = { method, signal, headers: { "accept-encoding": "identity", ...headers, ...length } };
  if (proxy === void 0) return answerTo(direct(url, head, connections), body, signal, toServer);
  if (url.protocol === "https:") {
    const socket = await openTunnel(url, proxy, signal);
    return answerTo(tunnelled(url, socket, head, connections.tls), body, signal, toServer);
  }
  return answerTo(forwarded(url, proxy, head, connections), body, signal, toProxy);
  function toServer(error) {
    return serverFailure(error, url);
  }
  function toProxy(error) {
    return proxy === void 0 ? toServer(error) : proxyFailure(error, url, proxy);
  }
}
async function answerTo(request, body, signal, explain) {
  request.on("error", () => void 0);
  if (body !== void 0 && "size" in body) pipeline(body.open(), request).catch(() => void 0);
  else request.end(body);
  try {
    const [response] = await once(request, "response", { signal });
    return response;
  } catch (error) {
    throw explain(error);
  }
}
async function read(response, url, { maxBytes, errorBody }, proxy) {
  const { statusCode: status = 0, headers } = response;
  if (status === 407 && proxy !== void 0) throw proxyRefusal(status, url, proxy);
  const wanted = status >= 200 && status < 300 || errorBody === true;
  const body = wanted ? await readBody(response, url, maxBytes) : Buffer.alloc(0);
  return { url, status, headers, body };
}

// src/lib/http/client.ts
var REDIRECTS = [301, 302, 303, 307, 308];
var HttpClient = class {
  #connections;
  #env;
  constructor({ connections, env = process.env, ...tls } = {}) {
    const kept = connections === void 0 ? {} : { keepAlive: true, maxSockets: connections };
    const options = { ...kept, ...DIRECT };
    this.#connections = { http: new HttpAgent(options), https: new HttpsAgent(options), tls };
    this.#env = env;
  }
  /**
   * Sends a request and reads the answer, whatever its status.
   * @param url of `http:` or `https:`
   * @throws HttpError, or the reason of the signal
   */
  async send(url, request) {
    const deadline = new Deadline(request.timeout, request.signal);
    const response = await this.#follow(url, request, deadline, exchange);
    const pause = pauseAfter(response, request.retryAfter);
    if (pause === void 0 || pause >= deadline.remaining) return response;
    await sleep(pause, void 0, { signal: deadline.signal }).catch(() => deadline.throwIfOver(url));
    return this.#follow(url, request, deadline, exchange);
  }
  /**
   * As {@link send}, without repetition: the answer's body is a stream.
   * @param request its timeout holds until the body has ended
   */
  open(url, request) {
    const deadline = new Deadline(request.timeout, request.signal);
    return this.#follow(
      url,
      { ...request, maxBytes: 0 },
      deadline,
      async (place, asked, connections, context) => {
        const response = await openExchange(place, asked, connections, context);
        if (REDIRECTS.includes(response.status)) response.stream.destroy();
        return response;
      }
    );
  }
  async #follow(url, request, deadline, perform) {
    const { body, redirects, headers = {} } = request;
    const { method = body === void 0 ? "GET" : "POST" } = request;
    const context = { env: this.#env, deadline };
    const followed = method === "GET" && redirects !== void 0 ? redirects : void 0;
    let place = url;
    for (let count = 0; ; count++) {
      const sent = place.origin === url.origin ? headers : {};
      const asked = { ...request, method, headers: sent };
      const response = await perform(place, asked, this.#connections, context);
      if (followed === void 0 || !REDIRECTS.includes(response.status)) return response;
      if (count === followed.limit) {
        throw new HttpError("redirect", `redirects more than ${followed.limit} times`, { url: place });
      }
      place = nextPlace(response, followed);
    }
  }
};
function nextPlace({ url, headers: { location } }, { protocols }) {
  const next = location === void 0 ? null : URL.parse(location, url.href);
  if (next !== null && protocols.some((one) => one === next.protocol)) return next;
  const where = next === null ? "to no usable address" : `to ${next.protocol}//, which is not permitted`;
  throw new HttpError("redirect", `redirects ${where}`, { url });
}
function pauseAfter({ status, headers }, longest) {
  if (longest === void 0 || status !== 429 && status !== 503) return void 0;
  const pause = retryAfter(headers["retry-after"]);
  return pause !== void 0 && pause <= longest ? pause : void 0;
}
function statusError({ url, status, headers }) {
  const what = REDIRECTS.includes(status) ? "redirects to another address, which is not followed" : `answered with status ${status}`;
  return new HttpError("status", what, { url, status, after: retryAfter(headers["retry-after"]) });
}

export {
  HttpClient,
  statusError
};
