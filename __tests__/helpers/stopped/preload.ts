/**
 * Preloaded by `node --import`: sends this process a signal at the nth change of a file below a folder. A write
 * is two changes: before it, and after half of its bytes.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { resolve, sep } from 'node:path';
import { isMainThread } from 'node:worker_threads';

const { STOP_BELOW: below = '', STOP_AT: at = '', STOP_SIGNAL: signal = '', STOP_LOG: log } = process.env;
const { appendFileSync, readlinkSync, writeSync } = fs;
const PATHS = [
  ...['mkdir', 'mkdtemp', 'rename', 'link', 'symlink', 'unlink', 'rm', 'rmdir', 'copyFile', 'truncate'],
  ...['utimes', 'chmod', 'open', 'writeFile', 'appendFile'],
];
const OPEN_FILES = ['write', 'writev', 'writeFile', 'appendFile', 'truncate', 'sync', 'datasync', 'utimes'];

type Call = (this: unknown, ...args: unknown[]) => unknown;
let changes = 0;

function change(name: string, before: () => void = () => undefined): void {
  changes += 1;
  if (log !== undefined) appendFileSync(log, `${name}\n`);
  if (changes !== Number(at)) return;
  // After SIGTERM the call itself goes on.
  if (signal === 'SIGKILL') before();
  process.kill(process.pid, signal);
}

function isBelow(target: unknown): boolean {
  const path = typeof target === 'number' ? linkOf(target) : target;
  return typeof path === 'string' && `${resolve(path)}${sep}`.startsWith(`${below}${sep}`);
}

function linkOf(descriptor: number): string {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return '';
  }
}

/** Whether `open` with these flags changes nothing. */
function reads(flags: unknown): boolean {
  if (typeof flags === 'number') return (flags & (fs.constants.O_WRONLY | fs.constants.O_RDWR)) === 0;
  return flags === undefined || flags === 'r';
}

function halfWritten(descriptor: number, data: unknown): void {
  if (typeof data !== 'string' && !(data instanceof Uint8Array)) return;
  const bytes = Buffer.from(data);
  change('half a write', () => writeSync(descriptor, bytes.subarray(0, bytes.length / 2)));
}

/** Counts the calls of a function whose first or second argument is a path, or whose first is a descriptor. */
function wrap(owner: Record<string, unknown>, name: string): void {
  const original = owner[name];
  if (typeof original !== 'function') return;
  owner[name] = function (this: unknown, ...args: unknown[]) {
    const [target, second] = args;
    const harmless = name.startsWith('open') && reads(second);
    if (!harmless && (isBelow(target) || isBelow(second))) {
      change(name);
      if (/^write/.test(name) && typeof target === 'number') halfWritten(target, second);
    }
    return (original as Call).apply(this, args);
  };
}

function wrapHandles(prototype: Record<string, unknown>): void {
  for (const name of OPEN_FILES) {
    const original = prototype[name] as Call;
    prototype[name] = function (this: { fd: number }, ...args: unknown[]) {
      if (isBelow(this.fd)) {
        change(`handle.${name}`);
        if (/^write/.test(name)) halfWritten(this.fd, args[0]);
      }
      return original.apply(this, args);
    };
  }
}

if (isMainThread && below !== '') {
  const handle = await fs.promises.open('/dev/null');
  wrapHandles(Object.getPrototypeOf(handle) as Record<string, unknown>);
  await handle.close();
  for (const name of PATHS) {
    wrap(fs.promises as unknown as Record<string, unknown>, name);
    for (const form of [name, `${name}Sync`]) wrap(fs as unknown as Record<string, unknown>, form);
  }
  for (const name of ['write', 'writev', 'fsync', 'ftruncate'])
    for (const form of [name, `${name}Sync`]) wrap(fs as unknown as Record<string, unknown>, form);
  syncBuiltinESMExports();
}
