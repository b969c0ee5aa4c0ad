import type { Sample } from './measure/run.ts';
import { median, ratios, type Spread, spread } from './measure/statistics.ts';

/** With the native builder, which is the default. */
export const OURS = 'verity-sign';
export const MKFS = 'verity-sign, mkfs';
/** With export-dir. */
export const EXPORTING = 'verity-sign, export-dir';

/** The shell pipeline, named for what it checks digests with or leaves out. */
export type ShellPeer = 'shell' | 'shell with openssl' | 'shell without digests';
export const SHELL_PEERS: readonly ShellPeer[] = ['shell', 'shell with openssl', 'shell without digests'];
export type Order = 'sequential' | 'parallel';

export const shellName = (peer: ShellPeer, order: Order): string => `${peer}, ${order}`;

/** Bytes of a layer. */
export interface LayerSizes {
  blob: number;
  tar: number;
}

/** The samples of each contestant of a case, one per round, in the order of the rounds. */
export interface Result {
  name: string;
  samples: Record<string, Sample[]>;
  /** In image order; empty where no image is processed. */
  layers: LayerSizes[];
  /** Bytes of the EROFS images in image order; empty where none are signed. */
  erofsSizes: number[];
}

/** The results of a run, by case. A value that was not measured is NaN. */
export class Results {
  readonly all: readonly Result[];

  constructor(all: readonly Result[]) {
    this.all = all;
  }

  get(name: string): Result | undefined {
    return this.all.find((result) => result.name === name);
  }

  values(name: string, contestant: string, field: keyof Sample = 'seconds'): number[] {
    return this.get(name)?.samples[contestant]?.map((sample) => sample[field] ?? Number.NaN) ?? [];
  }

  median(name: string, contestant: string, field: keyof Sample = 'seconds'): number {
    return median(this.values(name, contestant, field));
  }

  /** The maximum of all rounds, for limits that must never be exceeded. */
  most(name: string, contestant: string, field: keyof Sample): number {
    const values = this.values(name, contestant, field);
    return values.length === 0 ? Number.NaN : Math.max(...values);
  }

  /** The time of one contestant divided by that of another. */
  ratio(name: string, above: string, below: string, field: keyof Sample = 'seconds'): Spread {
    return spread(ratios(this.values(name, above, field), this.values(name, below, field)));
  }
}

/** Bytes of EROFS images that may be on disk at once: the largest ones, as many as `layers`. */
export function inFlight(erofsSizes: readonly number[], layers: number): number {
  return [...erofsSizes]
    .sort((a, b) => b - a)
    .slice(0, layers)
    .reduce((sum, size) => sum + size, 0);
}
