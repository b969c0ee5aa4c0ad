import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/lib/process/drained.ts
function drained(sink) {
  if (sink.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      sink.off("drain", done);
      sink.off("close", done);
      resolve();
    };
    sink.once("drain", done);
    sink.once("close", done);
  });
}

export {
  drained
};
