import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/model/guest-architecture.ts
var GUEST_KINDS = {
  x64: {
    platform: "linux/amd64",
    qemu: { program: "qemu-system-x86_64", package: "qemu-system-x86" }
  },
  arm64: {
    platform: "linux/arm64",
    qemu: { program: "qemu-system-aarch64", package: "qemu-system-arm" }
  }
};
function guestArchitectures(host = process.arch) {
  return host === "arm64" ? ["arm64", "x64"] : ["x64", "arm64"];
}
function guestOf(architecture) {
  return guestArchitectures().find((one) => GUEST_KINDS[one].platform === `linux/${architecture}`);
}

export {
  GUEST_KINDS,
  guestArchitectures,
  guestOf
};
