import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  ToolError
} from "./shared.lib.process.run.js";
import {
  AnswerError
} from "./shared.oci.oras.direct.answer-error.js";
import {
  HttpError
} from "./shared.lib.http.errors.js";
import {
  parseManifest
} from "./shared.oci.documents.js";
import {
  MANIFEST_MEDIA_TYPE
} from "./shared.model.media-types.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/oci/oras/failures/connection-failure.ts
var PROXY_CAUSES = [
  {
    pattern: /proxyconnect.*first record does not look like a TLS handshake/i,
    code: "registry",
    message: ({ registry }) => `the proxy for ${registry} does not speak TLS, but its URL begins with https`,
    remedy: () => "Set HTTPS_PROXY to a URL that begins with http://; requests to the registry use TLS anyway"
  },
  {
    pattern: /proxyconnect.*x509: /i,
    code: "registry",
    message: ({ registry }) => `the TLS certificate of the proxy for ${registry} is not trusted`,
    remedy: () => "Set SSL_CERT_FILE to the certificate of its authority, or HTTPS_PROXY to a URL that begins with http://"
  },
  {
    pattern: /: Proxy Authentication Required$/i,
    code: "registry",
    message: ({ registry }) => `the proxy for ${registry} requires other credentials`,
    remedy: () => "Put user name and password into HTTPS_PROXY: http://USER:PASSWORD@HOST:PORT"
  },
  {
    transient: true,
    pattern: /proxyconnect/i,
    code: "registry",
    message: ({ registry }) => `the proxy for ${registry} cannot be reached`,
    remedy: () => "Check HTTPS_PROXY and HTTP_PROXY, or exempt the registry with NO_PROXY"
  },
  {
    // The answer of a proxy to CONNECT: Go shows its status text alone, at the end.
    pattern: /\b(?:Get|Head|Post|Put|Patch)\s*: (?!EOF)[A-Z][A-Za-z' -]*$/,
    code: "registry",
    message: ({ registry }) => `the proxy does not permit a connection to ${registry}`,
    remedy: () => "Permit the registry in the proxy, or exempt it with NO_PROXY"
  }
];
var TLS_CAUSES = [
  {
    pattern: /gave HTTP response to HTTPS client/i,
    code: "registry",
    message: () => "the registry answers in plain HTTP instead of HTTPS",
    remedy: () => "Set plain-http if this registry has no TLS"
  },
  {
    pattern: /first record does not look like a TLS handshake/i,
    code: "registry",
    message: ({ registry }) => `${registry} does not answer in TLS`,
    remedy: () => "Check the port, or set plain-http if this registry has no TLS"
  },
  {
    pattern: /x509: certificate has expired or is not yet valid/i,
    code: "registry",
    message: ({ registry }) => `the TLS certificate of ${registry} has expired or is not valid yet`,
    remedy: () => "Check this machine's clock; if it is right, the registry needs a new certificate"
  },
  {
    pattern: /x509: (?:certificate is (?:valid for|not valid for any names)|cannot validate certificate for|certificate relies on legacy Common Name)/i,
    code: "registry",
    message: ({ registry }) => `the TLS certificate of ${registry} is for other names`,
    remedy: () => "Name the registry by a name in its certificate (subjectAltName), or have one issued for this name"
  },
  {
    pattern: /x509: certificate signed by unknown authority|failed to verify certificate/i,
    code: "registry",
    message: ({ registry }) => `the TLS certificate of ${registry} is not trusted`,
    remedy: () => "Set ca-file, or the variable SSL_CERT_FILE, to a PEM file with the certificate of the registry's certificate authority"
  },
  {
    // An alert of the server is about the certificate of the client, which it may demand.
    pattern: /remote error: tls: .*(?:certificate|handshake failure|access denied)/i,
    code: "registry",
    message: ({ registry }) => `${registry} demands a client certificate that it trusts`,
    remedy: () => "Set client-certificate and client-key to a certificate for this registry and its key; if it demands none, compare the versions of TLS that both support"
  },
  {
    pattern: /private key does not match public key|failed to find any PEM data|tls: failed to parse private key/i,
    code: "usage",
    message: () => "client-certificate and client-key are not usable",
    remedy: () => "Set client-certificate to PEM certificates, and client-key to the PEM key that belongs to the first"
  },
  {
    pattern: /tls: /i,
    code: "registry",
    message: ({ registry }) => `no TLS connection to ${registry} can be made`,
    remedy: () => "Check what openssl s_client -connect prints for this registry, and the proxy in between"
  }
];

// src/oci/oras/failures/failure.ts
var NOT_FOUND = {
  pattern: /not found|name unknown|manifest unknown|blob unknown|status code 404/i,
  code: "registry",
  message: ({ target }) => `${target} is not in the registry`,
  remedy: () => "Check the name, and that these credentials have access to it"
};
var NO_REFERRERS_API = {
  pattern: /referrers API: unsupported/i,
  code: "registry",
  message: () => "the registry has no referrers API",
  remedy: () => "Set referrers to auto, or to tag for the fallback tag"
};
var UNAUTHORIZED = {
  pattern: /status code 401|unauthorized|basic credential not found|authentication required/i,
  code: "registry",
  message: ({ access, target, login }) => login === void 0 ? `the registry requires credentials with ${access} permission for ${target}` : `the registry rejects the credentials for ${target} (${login.source})`,
  remedy: ({ login, registry }) => {
    if (login === void 0)
      return "Log in first (docker/login-action, docker login, podman login or oras login), or set registry-username and registry-password";
    return {
      input: `Check ${login.source}: user name or password is wrong, or the token has expired or is not for ${registry}`,
      file: `Log in to ${registry} again: the password has changed or the token has expired`,
      helper: `Check the account that ${login.source} logs in with, and that it may read and write in ${registry}`
    }[login.from];
  }
};
var PERMISSION = {
  pull: "pull permission on the repository (on GitHub: permissions: packages: read)",
  push: "push permission on the repository (on GitHub: permissions: packages: write)",
  delete: "permission to delete manifests of the repository"
};
var CAUSES = [
  ...PROXY_CAUSES,
  ...TLS_CAUSES,
  {
    // oras prints the code of the answer's document instead of the status, if there is one.
    only: "delete",
    pattern: /status code (?:405|501)|^unsupported\b|: unsupported\b|method not allowed/i,
    code: "registry",
    message: ({ target }) => `the registry does not allow manifests to be deleted: ${target} stays`,
    remedy: () => "Enable deletion in the registry (distribution: storage.delete.enabled), or delete it where the registry permits it, such as on its web page"
  },
  {
    // Since oras 1.3.3; see leaksCredentials.
    pattern: /upload Location\s+(is on a different host|downgrades scheme)/i,
    code: "registry",
    message: ({ target }) => `the registry sent the upload of ${target} to another host`,
    remedy: () => "Name the registry by the host that it names itself, or let the proxy in front of it pass on the Host header"
  },
  NO_REFERRERS_API,
  {
    transient: true,
    pattern: /status code 429|toomanyrequests|too many requests/i,
    code: "registry",
    message: ({ access, target }) => `the registry limits the rate of requests: ${access} of ${target} failed`,
    remedy: () => "Log in if the limit is that for anonymous users, or wait; then run again"
  },
  {
    pattern: /status code 403|denied|forbidden/i,
    code: "registry",
    message: ({ access, target }) => `the registry denies ${access} access to ${target}`,
    remedy: ({ access }) => `Give these credentials ${PERMISSION[access]}`
  },
  UNAUTHORIZED,
  {
    pattern: /status code 409|immutable|already exists and cannot be|tag invalid/i,
    code: "registry",
    message: ({ target }) => `the registry does not allow a tag of ${target} to be overwritten`,
    remedy: () => "Exempt the tags sha256-* from immutability, or use a registry with the referrers API (referrers: api)"
  },
  {
    pattern: /status code 413|entity too large|payload too large|size invalid/i,
    code: "registry",
    message: ({ access, target }) => `${access} of ${target} is larger than the registry or a proxy in front of it accepts`,
    remedy: () => "Raise its limit on the size of a request (nginx: client_max_body_size), or use a registry without such a limit"
  },
  {
    pattern: /status code 415|unsupported media type|^unsupported:/i,
    code: "registry",
    message: ({ access, target }) => `the registry does not accept the media type of ${target}: ${access} failed`,
    remedy: () => "Update the registry to a release that accepts OCI artifacts with a subject, or use another registry"
  },
  NOT_FOUND,
  {
    pattern: /mismatch|content verification failed|trailing data|invalid content digest/i,
    code: "image",
    message: ({ target }) => `the registry sent content that is not ${target}`,
    remedy: () => "Run again; if that does not help, the registry or a proxy in front of it is damaged"
  },
  {
    transient: true,
    pattern: /no such host|connection refused|network is unreachable|i\/o timeout|connection reset|broken pipe|EOF/i,
    code: "registry",
    message: ({ target }) => `the registry of ${target} cannot be reached or closed the connection`,
    remedy: () => "Check the registry name and the network, then run again"
  },
  {
    transient: true,
    pattern: /status code 5\d\d/i,
    code: "registry",
    message: ({ target }) => `the registry failed on ${target}`,
    remedy: () => "Run again once the registry has recovered"
  },
  {
    // oras prints the code of the answer's document instead of the status, if there is one.
    pattern: /status code 400|manifest invalid/i,
    code: "registry",
    message: ({ access, target }) => `the registry rejects the ${access} of ${target}`,
    remedy: ({ access }) => access === "push" ? "Look up the reason above in the manual of the registry: it may not accept OCI artifacts with a subject, or this name; use another registry if so" : "Look up the reason above in the manual of the registry, or check the name"
  }
];
var BROKEN = /connection reset|broken pipe|\bEOF\b|i\/o timeout|TLS handshake timeout|server closed idle connection|GOAWAY/i;
function isTransient(error, access, target) {
  if (error instanceof HttpError) return error.failure === "interrupted";
  if (error instanceof AnswerError) return error.isTransient;
  if (!(error instanceof ToolError) || error.timedOut || error.stderr === "") return false;
  const words = shorten(error.stderr);
  if (BROKEN.test(words)) return true;
  const cause = causeOf(words, access, target);
  return access === "push" && (cause === void 0 || cause.transient === true);
}
function causeOf(words, access, target) {
  const plain = words.replaceAll(/"[^"]*"/g, "").replaceAll(target, "");
  return CAUSES.find(({ pattern, only = access }) => only === access && pattern.test(plain));
}
var KnownFailure = class extends VeritySignError {
  known;
  constructor(known2, call, words, cause) {
    super(known2.code, `${known2.message(call)} (${words})`, { remedy: known2.remedy(call), cause });
    this.known = known2;
  }
};
function isNotFound(error) {
  return error instanceof KnownFailure && error.known === NOT_FOUND;
}
function isRefusal(error) {
  return error instanceof KnownFailure && error.known.transient !== true;
}
function lacksReferrersApi(error) {
  return error instanceof KnownFailure && error.known === NO_REFERRERS_API;
}
function noReferrersApi() {
  const call = { access: "pull", target: "", registry: "", login: void 0 };
  return new KnownFailure(NO_REFERRERS_API, call, "referrers API: unsupported", void 0);
}
function isUnauthorized(error, access, target) {
  if (error instanceof AnswerError) return error.status === 401;
  return error instanceof ToolError && causeOf(shorten(error.stderr), access, target) === UNAUTHORIZED;
}
function orasFailure(error, access, target, login) {
  if (error instanceof HttpError) return httpFailure(error, access, target);
  if (error instanceof AnswerError) return known(error.message, error, access, target, login);
  if (!(error instanceof ToolError)) return error;
  if (error.timedOut) {
    return new VeritySignError("registry", `the registry did not answer about ${target} within the timeout`, {
      remedy: "Raise timeout, or run again later",
      cause: error
    });
  }
  if (error.stderr === "") return error;
  return known(shorten(error.stderr), error, access, target, login, "oras: ");
}
function known(words, error, access, target, login, speaker = "") {
  const cause = causeOf(words, access, target);
  if (cause === void 0) {
    return new VeritySignError("registry", `${access} of ${target} failed (${speaker}${words})`, {
      remedy: "Look up that answer in the log or the manual of the registry, then run again",
      cause: error
    });
  }
  const call = { access, target, registry: target.slice(0, target.indexOf("/")), login };
  return new KnownFailure(cause, call, `${speaker}${words}`, error);
}
function httpFailure(error, access, target) {
  return new VeritySignError(
    "registry",
    `${access} of ${target} failed: ${error.url.host} ${error.message}`,
    {
      remedy: error.remedy ?? "Check the registry name and the network, then run again",
      cause: error
    }
  );
}
function shorten(stderr) {
  const lines = stderr.split("\n").filter((line2) => line2.trim() !== "");
  const line = lines.findLast((text) => text.startsWith("Error")) ?? lines.at(-1) ?? "";
  const words = line.replace(/^Error( response from registry)?:\s*/, "").trim();
  return words.length > 300 ? `${words.slice(0, 300)}…` : words;
}

// src/oci/attach/batches.ts
var BATCH = 4;
async function inBatches(items, work) {
  const results = [];
  for (let first = 0; first < items.length; first += BATCH) {
    const batch = items.slice(first, first + BATCH).map((item, offset) => work(item, first + offset));
    for (const result of await Promise.allSettled(batch)) {
      if (result.status === "rejected") throw result.reason;
      results.push(result.value);
    }
  }
  return results;
}

// src/oci/attach/signature-manifest.ts
var WHAT = "the signature manifest";
function parseSignatureManifest(bytes, mediaType = MANIFEST_MEDIA_TYPE) {
  const parsed = parseManifest(bytes, mediaType, WHAT);
  const { schemaVersion, config, layers, subject, annotations = {} } = parsed;
  if (parsed.mediaType !== MANIFEST_MEDIA_TYPE) {
    throw new VeritySignError("image", `${WHAT} does not have the media type ${MANIFEST_MEDIA_TYPE}`);
  }
  if (subject === void 0) throw new VeritySignError("image", `${WHAT} has no subject`);
  const artifactType = parsed.artifactType ?? config.mediaType;
  return { schemaVersion, mediaType: parsed.mediaType, artifactType, config, layers, subject, annotations };
}

export {
  parseSignatureManifest,
  isTransient,
  isNotFound,
  isRefusal,
  lacksReferrersApi,
  noReferrersApi,
  isUnauthorized,
  orasFailure,
  BATCH,
  inBatches
};
