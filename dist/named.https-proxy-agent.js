import {
  require_dist2 as require_dist
} from "./shared.debug.src.common.js";
import {
  __esm,
  __toESM
} from "./runtime.js";

// named:https-proxy-agent
var import_https_proxy_agent;
var init_https_proxy_agent = __esm({
  "named:https-proxy-agent"() {
    import_https_proxy_agent = __toESM(require_dist());
  }
});
init_https_proxy_agent();
var export_HttpsProxyAgent = import_https_proxy_agent.HttpsProxyAgent;
export {
  export_HttpsProxyAgent as HttpsProxyAgent
};
