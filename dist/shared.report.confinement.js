import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/report/confinement.ts
function gapsOf(confinement) {
  const { noNewPrivileges, capabilities, network, pidNamespace, filesystem, limits } = confinement;
  return [
    ...network ? ["it can use the network"] : [],
    ...filesystem === "whole" ? ["it sees the files of the machine"] : [],
    ...pidNamespace ? [] : ["its processes may outlive it"],
    ...capabilities === "none" ? [] : ["it has capabilities"],
    ...noNewPrivileges ? [] : ["it can gain privileges"],
    ...limits === void 0 ? ["its memory and processor time are not limited"] : []
  ];
}

export {
  gapsOf
};
