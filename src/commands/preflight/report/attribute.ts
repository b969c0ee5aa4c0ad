import type { PreflightDenial } from '../../../report/node/preflight-report.ts';
import type { GuestEvent } from '../vm/protocol.ts';
import { adviceFor } from './advice.ts';
import { parseAuditRecord } from './audit-record.ts';
import { fromGuest } from './from-guest.ts';

export type AuditEvent = Extract<GuestEvent, { event: 'audit' }>;

/** Distinct denials that are listed one by one: a program may try new paths for ever. */
const MOST_PATHS = 1000;

const SOURCES: Readonly<Record<AuditEvent['origin'], PreflightDenial['source']>> = {
  layer: 'layer',
  upper: 'written at run time',
  memory: 'memory',
  tmpfs: 'temporary file system',
  other: 'other',
};

/** Collects what was denied during the run: which program, which code, from where. Equal denials are counted. */
export class Denials {
  readonly #found = new Map<string, PreflightDenial>();

  add(event: AuditEvent): void {
    const denial = attribute(event);
    if (denial === undefined) return;
    const { path, ...rest } = denial;
    const listed = this.#found.size < MOST_PATHS || path === undefined ? denial : rest;
    const { program, what, source, hook, layer } = listed;
    const key = JSON.stringify([program, what, source, hook, layer ?? null, 'path' in listed ? path : null]);
    const known = this.#found.get(key);
    if (known === undefined) this.#found.set(key, listed);
    else known.count += 1;
  }

  /** In the order of their first occurrence. */
  get list(): PreflightDenial[] {
    return [...this.#found.values()];
  }
}

/** One denial; undefined for a record of another kind, or of another phase than the run. */
export function attribute(event: AuditEvent): PreflightDenial | undefined {
  const record = parseAuditRecord(event.text);
  if (event.phase !== 'run' || record === undefined || !record.enforcing) return undefined;
  const { path } = record;
  const command = event.command === undefined ? record.command : fromGuest(event.command);
  const what = kindOf(path, event.origin);
  const isMemory = what === 'anonymous memory' || what === 'memory file';
  const denial = {
    program: event.executable === undefined ? (command ?? 'unknown program') : fromGuest(event.executable),
    ...(command === undefined ? {} : { command }),
    what,
    ...(path === undefined || what === 'anonymous memory' ? {} : { path: withoutMark(path) }),
    ...(event.layer === null || isMemory ? {} : { layer: event.layer }),
    source: isMemory ? ('memory' as const) : SOURCES[event.origin],
    hook: record.hook,
    ...(record.rule === undefined ? {} : { rule: record.rule }),
  };
  return { count: 1, ...denial, advice: adviceFor(denial) };
}

/** Shared anonymous memory has a path, too. */
function kindOf(path: string | undefined, origin: AuditEvent['origin']): PreflightDenial['what'] {
  if (path === undefined || /^\/(dev\/zero|SYSV[0-9a-f]{8}) \(deleted\)$/.test(path))
    return 'anonymous memory';
  if (path.startsWith('/memfd:')) return 'memory file';
  return origin === 'memory' ? 'unknown' : 'file';
}

/** The kernel writes this behind the path of a file without a name. */
function withoutMark(path: string): string {
  return path.replace(/ \(deleted\)$/, '');
}
