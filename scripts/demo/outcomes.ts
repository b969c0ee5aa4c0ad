/** What the kernel of `npm run demo:real` must decide. */
import type { Report } from '../kernel/guest-report.ts';
import { failure } from '../tools/common.ts';

interface Expectation {
  /** What is tried, as printed. */
  what: string;
  /** Key of the guest's report. */
  key: string;
  outcome: RegExp;
}

function expectations(layers: number): Expectation[] {
  const opened = Array.from({ length: layers }, (_, at) => {
    const number = String(at).padStart(2, '0');
    return [
      { what: `layer ${at} with its signature: open`, key: `open/demo/${number}`, outcome: /^OK$/ },
      { what: `layer ${at}: mount`, key: `mount/demo/${number}`, outcome: /^OK$/ },
    ];
  });
  return [
    { what: 'signatures are required', key: 'require_signatures', outcome: /^Y$/ },
    { what: 'IPE enforces: code from signed layers only', key: 'ipe_enforce', outcome: /^1$/ },
    ...opened.flat(),
    { what: 'the layers as one tree, by overlayfs', key: 'container/demo', outcome: /^OK$/ },
    { what: 'the image: hello node', key: 'own/demo/hello', outcome: /^OK Hello, node from a signed layer/ },
    { what: "the image: bash -c 'echo $((6 * 7))'", key: 'own/demo/bash', outcome: /^OK 42$/ },
    { what: 'the image: busybox echo runs', key: 'own/demo/busybox', outcome: /^OK runs$/ },
    { what: 'a program dropped into the container: run it', key: 'drop/demo/program', outcome: /^EACCES$/ },
    { what: 'the same program, from memory', key: 'drop/demo/program-in-memory', outcome: /^EACCES$/ },
    {
      what: 'hello, changed in the container: run it',
      key: 'drop/demo/changed-own-program',
      outcome: /^EACCES$/,
    },
    { what: 'layer 1 without its signature: open', key: 'case/unsigned', outcome: /^open:ENOKEY$/ },
    { what: 'layer 1 with a changed byte: open', key: 'tampered/modified/open', outcome: /^OK$/ },
    { what: 'layer 1 with a changed byte: read busybox', key: 'tampered/modified/read', outcome: /^EIO$/ },
    { what: 'layer 1 with a changed byte: run busybox', key: 'tampered/modified/run', outcome: /^EIO$/ },
  ];
}

/** Prints each outcome. Error (`environment`): one is not as it must be. */
export function checkOutcomes(report: Report, layers: number): void {
  const rows = expectations(layers).map((row) => ({ ...row, seen: report.outcome(row.key) ?? 'no outcome' }));
  const width = Math.max(...rows.map(({ what }) => what.length));
  for (const { what, seen } of rows) console.log(`  ${what.padEnd(width)}  ${seen}`);
  const wrong = rows.find(({ outcome, seen }) => !outcome.test(seen));
  if (wrong === undefined) return;
  throw failure(
    `the kernel decided otherwise: ${wrong.what}: ${wrong.seen}, expected ${wrong.outcome.source}`,
    'Run npm run test:kernel, which tests each of these',
  );
}
