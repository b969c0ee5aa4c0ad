/**
 * `node look-around.ts ORDERS NAME`: what a hostile program can see of planted secrets, as this user and in
 * this place: environments, command lines, open descriptors and files. ORDERS is a file with the `Orders`;
 * one `Look` goes to the end of its `report`.
 */
import {
  appendFileSync,
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';

export interface Orders {
  /** By name, each spelled backwards: this file must not be a find itself. */
  backwards: Record<string, string>;
  /** Searched with everything below. */
  folders: string[];
  /** File of the Look of each call, one JSON object a line. */
  report: string;
  /** Whether pipes are read too, which takes away what others are to read there. */
  drain?: boolean;
}

export interface Look {
  program: string;
  uid: number;
  /** How much could be read of each kind. */
  read: Record<Kind, number>;
  /** Process ids whose environment could be read. */
  environments: number[];
  /** The process of verity-sign: the topmost ancestor that runs one of its entries. */
  main: number;
  found: { secret: string; kind: Kind; place: string; pid?: number }[];
}

type Kind = 'environment' | 'command line' | 'descriptor' | 'file';

const MOST = 4 * 1024 * 1024;
const ENTRY = /\/(cli|sign-action|verify-action|careless-[a-z]+)\.(ts|js)$/;

const [, , ordersPath = '', program = ''] = process.argv;
const orders = JSON.parse(readFileSync(ordersPath, 'utf8')) as Orders;
const secrets = Object.entries(orders.backwards).map(
  ([name, text]) => [name, [...text].reverse().join('')] as const,
);

const numbers = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
const parents = new Map(numbers.map((pid) => [Number(pid), parentOf(pid)]));
const { main, above } = ancestors();
const look: Look = {
  program,
  uid: process.geteuid?.() ?? -1,
  read: { environment: 0, 'command line': 0, descriptor: 0, file: 0 },
  environments: [],
  main,
  found: [],
};

for (const pid of parents.keys()) {
  // What started verity-sign has the secrets from elsewhere: the shell of a CI step, and these tests.
  if (above.has(pid) || pid === process.pid) continue;
  const own = join('/proc', `${pid}`);
  const environment = attempt(() => readFileSync(join(own, 'environ')));
  if (environment !== undefined && environment.length > 0) look.environments.push(pid);
  search(environment, 'environment', join(own, 'environ'), pid);
  search(
    attempt(() => readFileSync(join(own, 'cmdline'))),
    'command line',
    join(own, 'cmdline'),
    pid,
  );
  for (const fd of attempt(() => readdirSync(join(own, 'fd'))) ?? []) {
    const path = join(own, 'fd', fd);
    search(
      attempt(() => Buffer.from(readlinkSync(path))),
      'descriptor',
      path,
      pid,
    );
    search(
      attempt(() => contentOf(path, orders.drain === true && isOfMain(pid))),
      'descriptor',
      path,
      pid,
    );
  }
}
for (const folder of orders.folders) {
  for (const path of filesBelow(folder)) {
    if (path === orders.report) continue;
    search(
      attempt(() => contentOf(path, false)),
      'file',
      path,
    );
  }
}
appendFileSync(orders.report, `${JSON.stringify(look)}\n`);

function search(bytes: Buffer | undefined, kind: Kind, place: string, pid?: number): void {
  if (bytes === undefined) return;
  look.read[kind] += 1;
  for (const [secret, value] of secrets) {
    if (bytes.includes(value))
      look.found.push({ secret, kind, place, ...(pid === undefined ? {} : { pid }) });
  }
}

/**
 * Whether a process is verity-sign or one that it started. Pipes of all others stay unread: Node keeps the
 * lock of its signal handlers in one, and would wait for it without end.
 */
function isOfMain(pid: number): boolean {
  for (let at = pid; at > 0; at = parents.get(at) ?? 0) if (at === main) return true;
  return false;
}

/** All files below a folder. Other processes may remove folders meanwhile. */
function filesBelow(folder: string): string[] {
  return (attempt(() => readdirSync(folder, { withFileTypes: true })) ?? []).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}

/** The beginning of a file, and what is in a pipe if that may be read away. */
function contentOf(path: string, drain: boolean): Buffer | undefined {
  const kind = statSync(path);
  if (!kind.isFile() && !(kind.isFIFO() && drain)) return undefined;
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const bytes = Buffer.alloc(kind.isFile() ? Math.min(fstatSync(fd).size, MOST) : MOST);
    // The position of a file's descriptor belongs to its own process.
    return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, kind.isFile() ? 0 : null));
  } finally {
    closeSync(fd);
  }
}

/** The topmost ancestor that runs an entry of verity-sign, and all processes above it. */
function ancestors(): { main: number; above: Set<number> } {
  const line: number[] = [];
  for (let pid = process.pid; pid > 0; pid = parents.get(pid) ?? 0) line.push(pid);
  const entries = line.filter((pid) => {
    const [, script = ''] = (attempt(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')) ?? '').split('\0');
    return ENTRY.test(script);
  });
  const top = entries.at(-1) ?? 0;
  return { main: top, above: new Set(line.slice(line.indexOf(top) + 1)) };
}

function parentOf(pid: string): number {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'latin1')) ?? '';
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0);
}

/** Undefined for what this user may not do, and for processes and files that are gone. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
