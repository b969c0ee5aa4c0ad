import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  HttpError
} from "./shared.lib.http.errors.js";

// src/lib/http/no-proxy.ts
import { BlockList, isIP, isIPv4 } from "node:net";
var DEFAULT_PORTS = { "http:": "80", "https:": "443" };
function bypassesProxy(url, noProxy) {
  const host = url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  const port = url.port || DEFAULT_PORTS[url.protocol];
  const entries = noProxy.toLowerCase().split(/[\s,]+/);
  return entries.some((entry) => entry !== "" && matches(entry, host, port));
}
function matches(entry, host, port) {
  if (entry === "*") return true;
  if (entry.includes("/")) return isIP(host) !== 0 && isInNetwork(entry, host);
  const { name, port: wanted } = splitPort(entry);
  if (wanted !== void 0 && wanted !== port) return false;
  if (isIP(name) !== 0 || isIP(host) !== 0) return isIP(name) !== 0 && isSameAddress(name, host);
  const domain = name.replace(/^\*?\./, "");
  return domain !== "" && (host === domain || host.endsWith(`.${domain}`));
}
function splitPort(entry) {
  if (isIP(entry) !== 0) return { name: entry, port: void 0 };
  const [, bracketed, plain = "", port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(entry) ?? [];
  return { name: bracketed ?? plain, port };
}
function isSameAddress(one, other) {
  if (isIPv4(one) || isIPv4(other)) return one === other;
  return isIP(other) !== 0 && isInNetwork(`${one}/128`, other);
}
function isInNetwork(network, host) {
  const [address = "", length = ""] = network.split("/");
  const bits = isIPv4(address) ? 32 : 128;
  if (isIP(address) !== isIP(host) || !/^\d{1,3}$/.test(length) || Number(length) > bits) return false;
  const list = new BlockList();
  list.addSubnet(address, Number(length), bits === 32 ? "ipv4" : "ipv6");
  return list.check(host, bits === 32 ? "ipv4" : "ipv6");
}

// src/lib/http/proxy.ts
var VARIABLES = {
  "http:": ["http_proxy", "HTTP_PROXY"],
  "https:": ["https_proxy", "HTTPS_PROXY"]
};
function proxyFor(url, env) {
  return bypassesProxy(url, exemptions(env)) ? void 0 : namedProxy(url, env);
}
function agentProxy(url, env) {
  const proxy = namedProxy(url, env);
  if (proxy === void 0) return {};
  const { protocol, host, port, authorization = "" } = proxy;
  const [user = "", ...rest] = Buffer.from(authorization.slice("Basic ".length), "base64").toString().split(":");
  const credentials = authorization && `${encodeURIComponent(user)}:${encodeURIComponent(rest.join(":"))}@`;
  const name = url.protocol === "https:" ? "https_proxy" : "http_proxy";
  return { [name]: `${protocol}//${credentials}${inUrl(host)}:${port}`, no_proxy: exemptions(env) };
}
function namedProxy(url, env) {
  const variable = VARIABLES[url.protocol]?.find((name) => env[name]);
  if (variable === void 0) return void 0;
  const proxy = parse(env[variable]?.trim() ?? "");
  if (proxy !== void 0) return { variable, ...proxy };
  throw new HttpError("proxy-setting", `cannot be reached: ${variable} is not the URL of an HTTP proxy`, {
    url,
    remedy: `Set ${variable} to a URL such as http://proxy.example:3128, or unset it`
  });
}
function exemptions(env) {
  return env.no_proxy || env.NO_PROXY || "";
}
function proxyName({ variable, protocol, host, port }) {
  return `the proxy ${protocol}//${inUrl(host)}:${port} (${variable})`;
}
function inUrl(host) {
  return host.includes(":") ? `[${host}]` : host;
}
function parse(text) {
  const url = URL.parse(/^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  const protocol = url?.protocol;
  if (url === null || url.hostname === "" || protocol !== "http:" && protocol !== "https:")
    return void 0;
  return {
    protocol,
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: Number(url.port) || (protocol === "https:" ? 443 : 80),
    authorization: url.username === "" && url.password === "" ? void 0 : basic(url)
  };
}
function basic({ username, password }) {
  return `Basic ${Buffer.from(`${decode(username)}:${decode(password)}`).toString("base64")}`;
}
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// src/lib/http/deadline.ts
var Deadline = class {
  /** Aborts at the end of the time, and with the caller's signal. */
  signal;
  #caller;
  #timer;
  #milliseconds;
  #end;
  constructor(milliseconds, caller) {
    this.#milliseconds = milliseconds;
    this.#end = performance.now() + milliseconds;
    this.#caller = caller;
    this.#timer = AbortSignal.timeout(milliseconds);
    this.signal = AbortSignal.any([caller, this.#timer]);
  }
  /** Milliseconds that are left. */
  get remaining() {
    return this.#end - performance.now();
  }
  /** @throws the reason of the caller's signal, or HttpError 'timeout' */
  throwIfOver(url, proxy) {
    this.#caller.throwIfAborted();
    if (!this.#timer.aborted) return;
    const by = proxy === void 0 ? "" : `, asked through ${proxyName(proxy)}`;
    throw new HttpError("timeout", `did not answer in ${this.#milliseconds} ms${by}`, { url });
  }
};

// src/lib/http/tunnel.ts
import { Agent as HttpAgent, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";

// src/lib/http/failures.ts
var CERTIFICATE = /^(?!.*ALERT).*(?:CERT|SELF_SIGNED|UNABLE_TO|ALTNAME|CRL)/;
var EXPIRED = /^CERT_(?:HAS_EXPIRED|NOT_YET_VALID)$/;
var DEMANDED = /ALERT_(?:CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA)/;
var TLS = /^(?:EPROTO$|ERR_SSL)/;
function serverFailure(error, url) {
  if (error instanceof HttpError) return error;
  const code = codeOf(error);
  const [failure, what, remedy] = describe(code);
  return new HttpError(failure, what, {
    ...{ url, code, cause: error },
    ...remedy === void 0 ? {} : { remedy }
  });
}
function proxyFailure(error, url, proxy) {
  if (error instanceof HttpError) return error;
  const code = codeOf(error);
  const [, what] = describe(code);
  return new HttpError("proxy", `cannot be reached: ${proxyName(proxy)} ${what}`, {
    ...{ url, code, cause: error },
    remedy: proxy.protocol === "https:" && TLS.test(code) ? `Set ${proxy.variable} to a URL that begins with http://: the proxy may not speak TLS itself` : `Check ${proxy.variable}, or exempt the server with NO_PROXY`
  });
}
function proxyRefusal(status, url, proxy) {
  const credentials = status === 407;
  const why = credentials ? "demands other credentials (status 407)" : `answered with status ${status}`;
  return new HttpError("proxy", `cannot be reached: ${proxyName(proxy)} ${why}`, {
    ...{ url, status },
    remedy: credentials ? `Put user name and password into ${proxy.variable}: http://USER:PASSWORD@HOST:PORT` : "Check that the proxy permits this server, or exempt the server with NO_PROXY"
  });
}
function codeOf(error) {
  return error.code ?? "unknown error";
}
function describe(code) {
  if (EXPIRED.test(code)) {
    return [
      "certificate",
      `has a TLS certificate that has expired or is not valid yet (${code})`,
      "Check this machine's clock; if it is right, the server needs a new certificate"
    ];
  }
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return [
      "certificate",
      `has a TLS certificate for other names (${code})`,
      "Use a name of the server that is in its certificate"
    ];
  }
  if (CERTIFICATE.test(code)) return ["certificate", `has a TLS certificate that is not trusted (${code})`];
  if (DEMANDED.test(code)) return ["unreachable", `demands a client certificate (${code})`];
  if (TLS.test(code)) return ["unreachable", `does not speak TLS as expected (${code})`];
  if (code.startsWith("HPE_")) return ["unreachable", `does not answer in HTTP (${code})`];
  if (code === "ECONNRESET" || code === "EPIPE") {
    return ["interrupted", `closed the connection without an answer (${code})`];
  }
  return ["unreachable", `cannot be reached (${code})`];
}

// src/lib/http/tunnel.ts
var DIRECT = { proxyEnv: {} };
function openTunnel(url, proxy, signal) {
  const { protocol, host, port, authorization } = proxy;
  const target = `${url.hostname}:${url.port || 443}`;
  const tls = protocol === "https:";
  const request = (tls ? httpsRequest : httpRequest)({
    ...{ host, port, signal, method: "CONNECT", path: target },
    headers: { host: target, ...authorization !== void 0 && { "proxy-authorization": authorization } },
    agent: tls ? new HttpsAgent(DIRECT) : new HttpAgent(DIRECT)
  });
  return new Promise((resolve, reject) => {
    const fail = (error) => reject(proxyFailure(error, url, proxy));
    request.on("error", fail);
    request.once("connect", ({ statusCode: status = 0 }, socket, head) => {
      socket.on("error", fail);
      if (status === 200 && !signal.aborted) {
        socket.unshift(head);
        resolve(socket);
        return;
      }
      socket.destroy();
      reject(proxyRefusal(status, url, proxy));
    });
    request.end();
  });
}

export {
  proxyFor,
  agentProxy,
  Deadline,
  serverFailure,
  proxyFailure,
  proxyRefusal,
  DIRECT,
  openTunnel
};
