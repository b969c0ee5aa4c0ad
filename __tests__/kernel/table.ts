/** The parts of docs/kernel.md that each run makes. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Kernel } from '../../scripts/kernel/build.ts';
import type { Machine } from '../../scripts/kernel/qemu.ts';
import { CASES } from './cases.ts';
import { DROPPED } from './dropped.ts';
import { EMPTY_LAYER, type KernelRun } from './setup.ts';
import { TAMPERING } from './tampering.ts';

const PAGE = fileURLToPath(new URL('../../docs/kernel.md', import.meta.url));
/** What stands before each part. */
const PARTS = {
  kernel: '<!-- last run: npm run test:kernel -->',
  chain: '<!-- last run of the container runtime: npm run test:kernel -->',
} as const;
const END = '<!-- end of last run -->';

/** One line for each case: what the kernel did and what verify says. */
export function renderRun(run: KernelRun): string {
  const { kernel, debian, enforcing, before, ipeOnly } = run;
  const cases = CASES.map(({ name, what, differs }) => [
    `\`${name}\``,
    what,
    enforcing.outcome(`case/${name}`),
    `${run.verdicts[name]?.split(':')[0]}${differs === undefined ? '' : `; ${differs}`}`,
  ]);
  const images = run.stacks.map(({ image, profile, name, layers }) => {
    const report = image.name === 'debian' ? debian : enforcing;
    const equal =
      JSON.stringify(report.tree(`${name}/merged`)) === JSON.stringify(run.references[image.name]?.merged);
    return [image.name, `\`${profile}\``, String(layers.length), equal ? 'equal' : 'different'];
  });
  const tampered = Object.entries(TAMPERING).map(([variant, what]) => [
    what,
    ...[before, ipeOnly, enforcing].map((report) => furthest(report.outcomes(`tampered/${variant}/`))),
  ]);
  const dropped = Object.entries(DROPPED).map(([key, what]) => [
    what,
    before.outcome(`drop/unsigned/${key}`),
    ipeOnly.outcome(`drop/unsigned/${key}`),
    enforcing.outcome(`drop/odd-containerd/${key}`),
  ]);
  const own = [
    'a program of the image itself',
    ...[
      before.outcome('own/unsigned/busybox'),
      ipeOnly.outcome('own/unsigned/busybox'),
      enforcing.outcome('own/odd-containerd/busybox'),
    ],
  ];
  const settings = ['Before: neither', 'IPE only', 'Signatures and IPE'];
  return [
    versions(kernel, run.machine),
    '',
    '### One layer',
    '',
    ...table(['Case', 'What', 'Kernel', 'verify'], cases),
    '',
    `A layer without any entry under \`containerd-tar-index\`: ${enforcing.outcome(`case/${EMPTY_LAYER}`)}, and without dm-verity just the same (${enforcing.outcome(`plain/${EMPTY_LAYER}`)}): it is smaller than a page.`,
    '',
    '### Whole images',
    '',
    ...table(['Image', 'Profile', 'Layers', 'Mounted tree and extracted tars'], images),
    '',
    "### First attack: a layer's program changed on the node's disk",
    '',
    ...table(['Attacker', ...settings], tampered),
    '',
    "### Second attack: code that is not the image's",
    '',
    ...table(['In the container', ...settings], [own, ...dropped]),
  ].join('\n');
}

/** The line that differs from one day to the next. */
export function versions(kernel: Kernel, machine: Machine): string {
  return `Last run: Linux ${kernel.version} (Debian's linux-source ${kernel.packageVersion}), QEMU with ${machine.accelerator}.`;
}

/** The last thing that happened: how the program ran, or the step before it that failed. */
function furthest(outcomes: Readonly<Record<string, string>>): string {
  const [step, outcome] = Object.entries(outcomes).at(-1) ?? [];
  const read = outcomes.read === undefined || outcomes.read === 'OK' ? '' : `read: ${outcomes.read}; `;
  return `${read}${step}: ${outcome}`;
}

/** With aligned columns, as the formatter of this repository leaves them. */
export function table(head: readonly string[], body: readonly (readonly (string | undefined)[])[]): string[] {
  const rows = [head, ...body].map((row) => row.map((text = 'nothing') => text.replaceAll('|', '\\|')));
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((text, column) => text.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [first = [], ...others] = rows;
  return [line(first), line(widths.map((width) => '-'.repeat(width))), ...others.map(line)];
}

/**
 * Writes a part into the page. Returns it as it was committed and as it is now. Another suite may read and write the page at
 * the same time, so it is replaced as a whole, and only if something changes.
 */
export async function updatePage(
  part: keyof typeof PARTS,
  now: string,
): Promise<{ committed: string; now: string }> {
  const page = await readFile(PAGE, 'utf8');
  const begin = page.indexOf(PARTS[part]);
  const from = begin + PARTS[part].length;
  const to = page.indexOf(END, from);
  if (begin === -1 || to === -1) throw new Error(`docs/kernel.md lacks the markers of ${part}`);
  const committed = page.slice(from, to).trim();
  if (committed !== now) {
    await writeFile(`${PAGE}.${part}`, `${page.slice(0, from)}\n\n${now}\n\n${page.slice(to)}`);
    await rename(`${PAGE}.${part}`, PAGE);
  }
  return { committed, now };
}

/** Without the line that names the versions of that day. */
export function withoutVersions(text: string): string {
  return text
    .split('\n')
    .filter((line) => !line.startsWith('Last run: '))
    .join('\n');
}
