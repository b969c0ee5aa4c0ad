import {
  HttpClient
} from "./shared.verifying.js";
import "./shared.notary.js";
import "./shared.images.js";
import "./shared.commands.js";
import {
  AnswerError,
  DOCKER_INDEX_MEDIA_TYPE,
  DOCKER_MANIFEST_MEDIA_TYPE,
  EndlessReferrersError,
  INDEX_MEDIA_TYPE,
  MANIFEST_MEDIA_TYPE,
  checkContent,
  descriptorOf,
  digestLike,
  looseObject,
  optionalText,
  parseIndex,
  parseMetadata,
  readGiven,
  secretsOf
} from "./shared.options.js";
import "./shared.conversion.js";
import "./shared.threads.js";
import "./shared.inputs.js";
import {
  VeritySignError
} from "./shared.start.js";

// builtin-load:load of src/oci/oras/direct/registry.ts
import { createRequire } from "node:module";
var load = createRequire(import.meta.url);

// builtin:node:fs of src/oci/oras/direct/registry.ts
var found;
var all = () => found ??= load("node:fs");
var one = (name) => all()[name];
var createReadStream = /* @__PURE__ */ one("createReadStream");

// builtin:node:path of src/oci/oras/direct/registry.ts
var found2;
var all2 = () => found2 ??= load("node:path");
var one2 = (name) => all2()[name];
var join = /* @__PURE__ */ one2("join");

// src/oci/oras/direct/challenge.ts
var PARAMETER = /([a-z_]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))/gi;
var BEARER = new RegExp(`(?:^|,)\\s*Bearer\\s+((?:${PARAMETER.source}\\s*,?\\s*)+)`, "i");
function parseChallenge(header2 = "") {
  const bearer = BEARER.exec(header2)?.[1];
  if (bearer !== void 0) {
    const found4 = Object.fromEntries(
      [...bearer.matchAll(PARAMETER)].map(([, name = "", quoted, plain = ""]) => [
        name.toLowerCase(),
        quoted?.replaceAll(/\\(.)/g, "$1") ?? plain
      ])
    );
    const { realm, service, scope } = found4;
    if (realm !== void 0) return { scheme: "bearer", realm, service, scope };
  }
  return /(?:^|,)\s*Basic\b/i.test(header2) ? { scheme: "basic" } : void 0;
}

// src/oci/oras/direct/authorization.ts
var tokenSchema = looseObject({ token: optionalText, access_token: optionalText });
var MAX_ANSWER = 256 * 1024;
var Authorization = class {
  #http;
  #login;
  #limits;
  /** Actions by resource, of all requests so far: a new token replaces the one before. */
  #scopes = /* @__PURE__ */ new Map();
  #renewal;
  /** The latest value. */
  value;
  constructor(http, login, limits) {
    this.#http = http;
    this.#login = login;
    this.#limits = limits;
  }
  /**
   * Gets a new value for an answer of 401 by the registry itself. False if there is none other than was refused.
   * Requests that are refused at the same time share one value.
   *
   * @param repository path without the registry's name
   * @param actions what the request does; nothing more is asked for, since that may be refused as a whole
   * @throws VeritySignError 'registry' for a token server that answers otherwise, HttpError
   */
  async renew(refused, repository, actions) {
    if (this.value === refused.sent) {
      this.#renewal ??= this.#renew(refused, repository, actions).finally(() => {
        this.#renewal = void 0;
      });
      await this.#renewal;
    }
    return this.value !== void 0 && this.value !== refused.sent;
  }
  async #renew({ url, headers }, repository, actions) {
    const challenge = parseChallenge(headers["www-authenticate"]);
    if (challenge?.scheme === "basic") this.value = this.#basic();
    else if (challenge !== void 0) {
      const named = challenge.scope?.split(" ").filter(Boolean) ?? [];
      for (const scope of [...named, `repository:${repository}:${actions}`]) this.#need(scope);
      this.value = await this.#token(challenge, url);
    }
  }
  #need(scope) {
    const colon = scope.lastIndexOf(":");
    const resource = scope.slice(0, colon);
    const known = this.#scopes.get(resource) ?? [];
    this.#scopes.set(resource, /* @__PURE__ */ new Set([...known, ...scope.slice(colon + 1).split(",")]));
  }
  #basic() {
    const { username, secret } = this.#login ?? {};
    if (username === void 0) return void 0;
    return `Basic ${Buffer.from(`${username}:${secret}`).toString("base64")}`;
  }
  async #token({ realm, service }, registry) {
    const url = URL.parse(realm);
    if (url === null || url.protocol !== "https:" && url.protocol !== registry.protocol) {
      throw new VeritySignError("registry", `${registry.host} names no usable token server`, {
        remedy: "Check the settings of the registry: its realm must be an https URL"
      });
    }
    const scopes = [...this.#scopes].map(([resource, actions]) => `${resource}:${[...actions].join(",")}`);
    const answer = await this.#ask(url, service, scopes);
    if (answer.status === 401 || answer.status === 403) return void 0;
    if (answer.status !== 200) {
      throw new VeritySignError(
        "registry",
        `the token server of ${registry.host} answered ${answer.status}`,
        {
          remedy: "Run again later, or look up that answer in the log of the token server"
        }
      );
    }
    const { token, access_token } = parseMetadata(tokenSchema, answer.body, "the answer of the token server");
    const issued = token || access_token || "";
    if (/^[\x21-\x7e]+$/.test(issued)) return `Bearer ${issued}`;
    throw new VeritySignError("registry", `the token server of ${registry.host} issued no usable token`, {
      remedy: "Look up the request in the log of the token server, then run again"
    });
  }
  #ask(url, service, scopes) {
    const named = service === void 0 ? [] : [["service", service]];
    const common = { ...this.#limits, maxBytes: MAX_ANSWER };
    const { username, secret } = this.#login ?? {};
    if (secret !== void 0 && username === void 0) {
      const form = [
        ["grant_type", "refresh_token"],
        ["client_id", "verity-sign"],
        ["refresh_token", secret]
      ];
      const body = Buffer.from(`${new URLSearchParams([...named, ...form, ["scope", scopes.join(" ")]])}`);
      const headers = { "content-type": "application/x-www-form-urlencoded" };
      return this.#http.send(url, { ...common, method: "POST", headers, body });
    }
    const asked = new URL(url);
    for (const [name, value] of named) asked.searchParams.set(name, value);
    for (const scope of scopes) asked.searchParams.append("scope", scope);
    const basic = this.#basic();
    return this.#http.send(asked, {
      ...common,
      headers: basic === void 0 ? {} : { authorization: basic }
    });
  }
};

// builtin-load:load of src/oci/oras/direct/reach.ts
import { createRequire as createRequire2 } from "node:module";
var load2 = createRequire2(import.meta.url);

// builtin:node:tls of src/oci/oras/direct/reach.ts
var found3;
var all3 = () => found3 ??= load2("node:tls");
var one3 = (name) => all3()[name];
var getCACertificates = /* @__PURE__ */ one3("getCACertificates");
var createSecureContext = /* @__PURE__ */ one3("createSecureContext");

// src/oci/oras/direct/reach.ts
function isPlainByItself(host) {
  return /^localhost(?::\d+)?$/.test(host);
}
function loopbackWithoutProxy(env) {
  const exempted = env.no_proxy || env.NO_PROXY;
  return { ...env, no_proxy: [...exempted ? [exempted] : [], "localhost", "127.0.0.0/8", "::1"].join(",") };
}
function trustingTheSystem(client) {
  const ca = [.../* @__PURE__ */ new Set([...getCACertificates("default"), ...getCACertificates("system")])];
  const given = Object.entries(client).filter(([, pem]) => pem !== void 0);
  return createSecureContext({ ca, ...Object.fromEntries(given) });
}

// src/oci/oras/direct/requests.ts
var MAX_BODY = 8 * 1024 * 1024;
var Requests = class _Requests {
  #options;
  #http;
  /** By repository and secret: a helper may return another one later. */
  #authorizations = /* @__PURE__ */ new Map();
  constructor(options, http) {
    this.#options = options;
    this.#http = http;
  }
  static async open(options) {
    const { caFile, clientCertificate: client, env } = options;
    const pem = async (path) => (await readGiven(path)).toString();
    const own = {
      cert: client === void 0 ? void 0 : await pem(client.certificate),
      key: client === void 0 ? void 0 : await pem(client.key)
    };
    const tls = caFile === void 0 ? { secureContext: trustingTheSystem(own) } : { ...own, ca: await pem(caFile) };
    return new _Requests(options, new HttpClient({ ...tls, env: loopbackWithoutProxy(env) }));
  }
  /** @param path below the repository, such as `manifests/1.0` */
  url(repository, path) {
    const [registry = "", ...name] = repository.split("/");
    const host = registry === "docker.io" ? "registry-1.docker.io" : registry;
    const isPlain = this.#options.plainHttp || isPlainByItself(registry);
    return new URL(`${isPlain ? "http" : "https"}://${host}/v2/${name.join("/")}/${path}`);
  }
  /**
   * The answer, whatever its status.
   * @throws HttpError, or the reason of the signal
   */
  send(place, url, asked = {}) {
    const { timeout, signal } = this.#options;
    const request = {
      timeout,
      signal,
      ...asked,
      redirects: redirectsOf(url),
      maxBytes: MAX_BODY,
      errorBody: true
    };
    return this.#authorized(
      place,
      url,
      actionsOf(asked),
      (authorization) => this.#http.send(url, { ...request, headers: { ...asked.headers, ...authorization } })
    );
  }
  /** As {@link send}, with the body as a stream. */
  stream(place, url, signal = this.#options.signal) {
    const request = { timeout: this.#options.timeout, signal, redirects: redirectsOf(url) };
    return this.#authorized(place, url, "pull", async (headers) => {
      const opened = await this.#http.open(url, { ...request, headers });
      if (opened.status === 401) opened.stream.destroy();
      return opened;
    });
  }
  /** What requests to a repository are authorized with, in each form in which an answer may repeat it. */
  secretsOf({ login }) {
    const values = [...this.#authorizations.values()].flatMap(
      ({ value }) => value?.split(" ").slice(1) ?? []
    );
    return [...secretsOf(login), ...values];
  }
  async #authorized({ repository, login }, { origin }, actions, send) {
    const { timeout, signal } = this.#options;
    const key = JSON.stringify([repository, login?.username, login?.secret]);
    let own = this.#authorizations.get(key);
    if (own === void 0) {
      own = new Authorization(this.#http, login, { timeout, signal });
      this.#authorizations.set(key, own);
    }
    const path = repository.slice(repository.indexOf("/") + 1);
    for (let tries = 0; ; tries++) {
      const sent = own.value;
      const answer = await send(header(sent));
      if (answer.status !== 401 || answer.url.origin !== origin || tries === MOST_RENEWALS) return answer;
      if (!await own.renew({ ...answer, sent }, path, actions)) return answer;
    }
  }
};
function redirectsOf({ protocol }) {
  return protocol === "http:" ? { limit: 5, protocols: ["https:", "http:"] } : { limit: 5, protocols: ["https:"] };
}
var MOST_RENEWALS = 2;
function actionsOf({ method = "GET" }) {
  if (method === "GET") return "pull";
  return method === "DELETE" ? "pull,delete" : "pull,push";
}
function header(value) {
  return value === void 0 ? {} : { authorization: value };
}

// src/oci/oras/direct/registry.ts
var ACCEPT = [
  MANIFEST_MEDIA_TYPE,
  INDEX_MEDIA_TYPE,
  DOCKER_MANIFEST_MEDIA_TYPE,
  DOCKER_INDEX_MEDIA_TYPE
].join(", ");
var MAX_PAGES = 100;
var MAX_LIST = 32 * 1024 * 1024;
var DirectRegistry = class _DirectRegistry {
  #requests;
  constructor(requests) {
    this.#requests = requests;
  }
  static async open(options) {
    return new _DirectRegistry(await Requests.open(options));
  }
  /** What a tag or digest points to, and the bytes. */
  async manifest(place, reference) {
    const answer = await this.#get(place, `manifests/${reference}`, { accept: ACCEPT });
    const { headers, body: bytes } = answer;
    const mediaType = headers["content-type"]?.split(";")[0]?.trim() ?? "";
    const descriptor = descriptorOf(mediaType, bytes);
    const claimed = headers["docker-content-digest"];
    const wanted = [
      ...typeof claimed === "string" ? [claimed] : [],
      ...reference.includes(":") ? [reference] : []
    ];
    for (const digest of wanted) checkContent(bytes, { ...descriptor, digest });
    const named = wanted.at(-1);
    return { descriptor: named === void 0 ? descriptor : { ...descriptor, digest: named }, bytes };
  }
  /** A small blob. */
  async blob(place, digest) {
    return (await this.#get(place, `blobs/${digest}`)).body;
  }
  async blobStream(place, digest, signal) {
    const url = this.#requests.url(place.repository, `blobs/${digest}`);
    const { stream, status } = await this.#requests.stream(place, url, signal);
    if (status === 200) return stream;
    stream.destroy();
    throw new AnswerError("GET", { url, status, headers: {}, body: Buffer.alloc(0) });
  }
  /** Uploads a file as a blob, unless the repository has the blob. */
  async pushBlob(place, { digest, size }, file) {
    if (await this.#hasBlob(place, digest)) return;
    const empty = Buffer.alloc(0);
    const begun = await this.#demand(place, "blobs/uploads/", { method: "POST", body: empty }, [202]);
    const { location: where } = begun.headers;
    const location = where === void 0 ? null : URL.parse(where, begun.url.href);
    if (location === null) {
      throw new VeritySignError("registry", `the registry does not say where to upload ${digest}`, {
        remedy: "Let the proxy in front of the registry pass on the Location header of its answers"
      });
    }
    if (location.origin !== begun.url.origin) {
      throw new VeritySignError("registry", `the registry sent the upload of ${digest} to another host`, {
        remedy: "Name the registry by the host that it names itself, or let the proxy in front of it pass on the Host header"
      });
    }
    location.searchParams.set("digest", digest);
    const headers = { "content-type": "application/octet-stream" };
    const body = { size, open: () => createReadStream(join(file.folder, file.name)) };
    await this.#demand(place, location, { method: "PUT", headers, body }, [201]);
  }
  /**
   * Uploads a manifest, unless the repository has it there.
   * @param tag undefined to store it by its digest alone
   */
  async pushManifest(place, { mediaType, digest }, bytes, tag) {
    const reference = tag ?? digest;
    if (await this.#hasManifest(place, reference, digest)) return;
    const asked = { method: "PUT", headers: { "content-type": mediaType }, body: bytes };
    await this.#demand(place, `manifests/${reference}`, asked, [201]);
  }
  /** Deletes a manifest; one that is gone already is no error. A signal does not end it, see Oras. */
  async deleteManifest(place, digest) {
    const { signal } = new AbortController();
    await this.#demand(place, `manifests/${digest}`, { method: "DELETE", signal }, [200, 202, 404]);
  }
  /** All referrers, of any type; undefined if the registry has no referrers API. */
  async referrers(place, digest) {
    const found4 = [];
    let url = this.#requests.url(place.repository, `referrers/${digest}`);
    const asked = { headers: { accept: INDEX_MEDIA_TYPE } };
    const seen = /* @__PURE__ */ new Set();
    for (let bytes = 0; url !== void 0; ) {
      const here = url;
      if (seen.has(here.href))
        throw new EndlessReferrersError(here.host, "without end: a page follows itself");
      if (seen.size === MAX_PAGES)
        throw new EndlessReferrersError(here.host, `on more than ${MAX_PAGES} pages`);
      seen.add(here.href);
      const answer = await this.#demand(place, here, asked, [200, 404]);
      const isIndex = answer.headers["content-type"]?.split(";")[0]?.trim() === INDEX_MEDIA_TYPE;
      if (answer.status === 404 || !isIndex) return void 0;
      bytes += answer.body.length;
      if (bytes > MAX_LIST) throw new EndlessReferrersError(here.host, `in more than ${MAX_LIST} bytes`);
      found4.push(...parseIndex(answer.body, INDEX_MEDIA_TYPE, "the list of referrers").manifests);
      url = nextPage(answer);
    }
    return found4;
  }
  async #hasBlob(place, digest) {
    const url = this.#requests.url(place.repository, `blobs/${digest}`);
    const { stream, status } = await this.#requests.stream(place, url);
    stream.destroy();
    if (status === 200 || status === 404) return status === 200;
    throw new AnswerError("GET", { url, status, headers: {}, body: Buffer.alloc(0) });
  }
  /** Whether a tag or digest points to this manifest. */
  async #hasManifest(place, reference, digest) {
    const headers = { accept: ACCEPT };
    const { status, body } = await this.#demand(place, `manifests/${reference}`, { headers }, [200, 404]);
    return status === 200 && digestLike(digest, body) === digest;
  }
  #get(place, path, headers = {}) {
    return this.#demand(place, path, { headers }, [200]);
  }
  async #demand(place, target, asked, statuses) {
    const url = typeof target === "string" ? this.#requests.url(place.repository, target) : target;
    const answer = await this.#requests.send(place, url, asked);
    if (statuses.includes(answer.status)) return answer;
    throw new AnswerError(asked.method ?? "GET", answer, this.#requests.secretsOf(place));
  }
};
function nextPage({ url, headers: { link } }) {
  const [, target] = /<([^>]*)>\s*;\s*rel="?next"?/.exec(String(link ?? "")) ?? [];
  if (target === void 0) return void 0;
  const next = URL.parse(target, url.href);
  if (next !== null && next.origin === url.origin) return next;
  throw new VeritySignError("registry", `${url.host} sends the next page of a list to another host`, {
    remedy: "Let the proxy in front of the registry pass on the Host header"
  });
}
export {
  DirectRegistry
};
