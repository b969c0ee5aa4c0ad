import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  NativeLayerBuilder
} from "./shared.convert.builders.native-layer-builder.js";
import "./shared.convert.builders.layer-builder.js";
import "./shared.convert.erofs.recipe.js";
import "./shared.model.profiles.js";
import "./shared.lib.process.system-limit.js";
import "./shared.convert.erofs.native.known-options.js";
import "./shared.convert.erofs.mkfs.mkfs-options.js";
import "./shared.lib.process.free-resources.js";
import "./shared.convert.worker.protocol.js";
import "./shared.convert.blob.sniff.js";
import "./shared.convert.tar.facts.js";
import "./shared.convert.blob.buffer-ownership.js";
import "./shared.lib.process.drained.js";
import "./shared.formats.digest-grammar.js";
import "./shared.errors.js";
import "./runtime.js";
export {
  NativeLayerBuilder
};
