
// src/model/signing.ts
function isForKernel(purpose) {
  return purpose === "layer" || purpose === "policy";
}

export {
  isForKernel
};
