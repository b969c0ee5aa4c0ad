import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  harmless
} from "./shared.frontend.output.foreign-text.js";

// src/frontend/output/stream-guard.ts
import { StringDecoder } from "node:string_decoder";
var ERASE_LINE = "\r\x1B[K";
var COMMAND = /^::(debug|notice|warning|error|group|endgroup|add-mask)::([^\r\n]*)\n$/;
function guardStreams(options) {
  for (const stream of [process.stdout, process.stderr]) guard(stream, options);
}
var unguarded = /* @__PURE__ */ new WeakMap();
var PUBLIC_PEM = /^-----BEGIN (CERTIFICATE|CERTIFICATE REQUEST)-----\n(?:[A-Za-z0-9+/]{1,64}={0,2}\n)+-----END \1-----\n$/;
function writePublicPem(stream, pem) {
  if (!PUBLIC_PEM.test(pem)) throw new TypeError("not a certificate or certificate request in PEM");
  const write = unguarded.get(stream) ?? stream.write.bind(stream);
  write(pem);
}
function guard(stream, { commands }) {
  const write = stream.write.bind(stream);
  unguarded.set(stream, write);
  const filter = streamFilter({ commands, terminal: stream.isTTY === true });
  const decoder = new StringDecoder("utf8");
  stream.write = (chunk, encoding, done) => {
    const text = typeof chunk === "string" ? chunk : decoder.write(Buffer.from(chunk));
    return write(filter(text), typeof encoding === "function" ? encoding : done);
  };
}
function streamFilter(options) {
  let open = "";
  return (chunk) => {
    const command = options.commands && open === "" ? COMMAND.exec(chunk) : null;
    if (command !== null) return commandLine(command[1] ?? "", command[2] ?? "");
    const erase = options.terminal && chunk.startsWith(ERASE_LINE) ? ERASE_LINE : "";
    if (erase !== "") open = "";
    const lines = chunk.slice(erase.length).split("\n");
    const filtered = lines.map((line, index) => {
      const before = index === 0 ? open : "";
      const whole = harmless(before + line);
      open = stateOf(whole);
      return whole.slice(before.length);
    });
    return erase + filtered.join("\n");
  };
}
function stateOf(line) {
  return /^ *:?$/.test(line) ? line : `…${line.slice(-1)}`;
}
function commandLine(name, data) {
  return `::${name}::${name === "add-mask" ? data : harmless(data)}
`;
}

export {
  ERASE_LINE,
  guardStreams,
  writePublicPem
};
