import type { PreflightDenial, PreflightFile } from '../../../report/node/preflight-report.ts';
import type { GuestEvent } from '../vm/protocol.ts';
import { adviceFor } from './advice.ts';
import { parseAuditRecord } from './audit-record.ts';
import { fromGuest } from './from-guest.ts';

export type AuditEvent = Extract<GuestEvent, { event: 'audit' }>;

/** Distinct denials that are kept: a program may try new paths, under new names, for ever. */
const MOST = 1000;
/** Stands for the programs of all others. */
const OTHERS = 'other programs or files';

const SOURCES: Readonly<Record<AuditEvent['origin'], PreflightDenial['source']>> = {
  layer: 'layer',
  upper: 'written at run time',
  memory: 'memory',
  tmpfs: 'temporary file system',
  other: 'other',
};

/** A denial as the guest reported it. Of a process that ended at once the guest knows no program. */
type Attributed = Omit<PreflightDenial, 'advice' | 'program'> & { program: string | undefined };

/** Collects what was denied during the run: which program, which code, from where. Equal denials are counted. */
export class Denials {
  readonly #found = new Map<string, Attributed>();
  /** Programs by the name of their thread. */
  readonly #programs = new Map<string, Set<string>>();

  add(event: AuditEvent): void {
    const denial = attribute(event);
    if (denial === undefined) return;
    if (this.#found.size < MOST || this.#found.has(keyOf(denial))) {
      const { program, command = '' } = denial;
      if (program !== undefined) {
        this.#programs.set(command, (this.#programs.get(command) ?? new Set()).add(program));
      }
      count(this.#found, denial);
      return;
    }
    // By what was denied, of which there are few kinds.
    const { what, source, hook, rule, count: times } = denial;
    count(this.#found, {
      count: times,
      program: OTHERS,
      what,
      source,
      hook,
      ...(rule === undefined ? {} : { rule }),
    });
  }

  /**
   * In the order of their first occurrence.
   * @param files of the layers: one of them that was changed at run time is no longer theirs
   */
  list(files: readonly Pick<PreflightFile, 'path' | 'layer'>[]): PreflightDenial[] {
    const layers = new Map(files.map(({ path, layer }) => [path, layer]));
    const complete = new Map<string, Attributed>();
    for (const denial of this.#found.values()) {
      const program = denial.program ?? this.#programOf(denial.command);
      const copied =
        denial.source === 'written at run time' && denial.path !== undefined
          ? layers.get(denial.path)
          : undefined;
      count(complete, { ...denial, program, ...(copied === undefined ? {} : { layer: copied }) });
    }
    return [...complete.values()].map((denial) => {
      const named = { ...denial, program: denial.program ?? nameOf(denial.command) };
      return { ...named, advice: adviceFor(named) };
    });
  }

  /** The only program whose thread had this name. */
  #programOf(command: string | undefined): string | undefined {
    const [program, ...others] = this.#programs.get(command ?? '') ?? [];
    return others.length === 0 ? program : undefined;
  }
}

/** The guest starts the program of the image by a process of its own, which has no other name yet. */
function nameOf(command: string | undefined): string {
  return command === 'init' ? 'start of the program' : (command ?? 'unknown program');
}

function keyOf({ program, command, what, path, layer, source, hook }: Attributed): string {
  return JSON.stringify([program, command, what, path, layer, source, hook].map((part) => part ?? null));
}

/** Adds a denial, or counts it with one that is equal. */
function count(found: Map<string, Attributed>, denial: Attributed): void {
  const key = keyOf(denial);
  const known = found.get(key);
  if (known === undefined) found.set(key, { ...denial });
  else known.count += denial.count;
}

/** One denial; undefined for a record of another kind, or of another phase than the run. */
export function attribute(event: AuditEvent): Attributed | undefined {
  const record = parseAuditRecord(event.text);
  if (event.phase !== 'run' || record === undefined || !record.enforcing) return undefined;
  const { path } = record;
  const command = record.command ?? (event.command === undefined ? undefined : fromGuest(event.command));
  const what = kindOf(path, event.origin);
  const isMemory = what === 'anonymous memory' || what === 'memory file';
  return {
    count: 1,
    program: event.executable === undefined ? undefined : fromGuest(event.executable),
    ...(command === undefined ? {} : { command }),
    what,
    ...(path === undefined || what === 'anonymous memory' ? {} : { path: withoutMark(path) }),
    ...(event.layer === null || isMemory ? {} : { layer: event.layer }),
    source: isMemory ? 'memory' : SOURCES[event.origin],
    hook: record.hook,
    ...(record.rule === undefined ? {} : { rule: record.rule }),
  };
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
