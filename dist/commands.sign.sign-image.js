import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  signImage
} from "./shared.commands.sign.sign-image.js";
import "./shared.commands.sign.destination.js";
import "./shared.commands.shared.plan.js";
import "./shared.commands.sign.find-reusable.js";
import "./shared.commands.shared.coverage.js";
import "./shared.commands.shared.report-parts.js";
import "./shared.convert.builders.open-builder.js";
import "./shared.lib.process.temp-folder.js";
import "./shared.convert.conversion-cache.js";
import "./shared.report.tool.js";
import "./shared.lib.concurrent.js";
import "./shared.signatures.signers.reference.js";
import "./shared.convert.verity.hash-request.js";
import "./shared.commands.shared.check-manifest.js";
import "./shared.report.coverage-text.js";
import "./shared.commands.shared.open-image.js";
import "./shared.lib.process.environment.js";
import "./shared.lib.process.run.js";
import "./shared.signatures.pkcs7.signing-chain.js";
import "./shared.model.artifact-types.js";
import "./shared.model.annotations.js";
import "./shared.zod.v4.core.schemas.js";
import "./shared.signatures.x509.constraints.check-path.js";
import "./shared.signatures.x509.chain.js";
import "./shared.signatures.x509.pem.js";
import "./shared.signatures.x509.key.js";
import "./shared.formats.format-error.js";
import "./shared.convert.verity.block-digester.js";
import "./shared.model.media-types.js";
import "./shared.convert.builders.layer-builder.js";
import "./shared.convert.erofs.recipe.js";
import "./shared.convert.worker.protocol.js";
import "./shared.model.profiles.js";
import "./shared.lib.process.drained.js";
import "./shared.formats.digest-grammar.js";
import "./shared.convert.erofs.native.known-options.js";
import "./shared.convert.blob.buffer-ownership.js";
import "./shared.convert.erofs.mkfs.mkfs-options.js";
import "./shared.errors.js";
import "./runtime.js";
export {
  signImage
};
