import {
  folderBytes,
  highWaterBytes,
  parentOf,
  processes,
  procText,
  residentBytes,
  unlinkedBytes,
} from './proc.ts';

const INTERVAL = 20;

/** Peaks of a process and its descendants, bytes. */
export interface Peaks {
  /** Resident memory of all processes together; pages that they share count for each. */
  treeMemory: number;
  /** Peak resident memory of the largest process, as recorded by the kernel. */
  ownMemory: number;
  /** Disk space of the temporary folder and of deleted files that were open. */
  disk: number;
}

/** Samples a new process from /proc, every 20 ms until `stop`. */
export class Sampler {
  readonly #tempFolder: string | undefined;
  /** Its processes, and whether each has started its own program. */
  readonly #members: Map<number, { parent: number; started: boolean }>;
  readonly #others: Set<number>;
  readonly #peaks: Peaks = { treeMemory: 0, ownMemory: 0, disk: 0 };
  readonly #timer: NodeJS.Timeout;

  constructor(root: number, tempFolder: string | undefined) {
    this.#tempFolder = tempFolder;
    this.#members = new Map([[root, { parent: 0, started: true }]]);
    this.#others = new Set(processes().filter((pid) => pid < root));
    this.#timer = setInterval(() => this.#sample(), INTERVAL);
  }

  stop(): Peaks {
    clearInterval(this.#timer);
    return this.#peaks;
  }

  #sample(): void {
    this.#findChildren();
    let memory = 0;
    let disk = this.#tempFolder === undefined ? 0 : folderBytes(this.#tempFolder);
    const seen = new Set<string>();
    for (const [pid, member] of this.#members) {
      const statm = procText(pid, 'statm');
      if (statm === undefined) {
        this.#members.delete(pid);
        this.#others.add(pid);
        continue;
      }
      // Between fork and exec a process shares its parent's pages, which are counted already.
      member.started ||= procText(pid, 'cmdline') !== procText(member.parent, 'cmdline');
      if (!member.started) continue;
      memory += residentBytes(statm);
      disk += unlinkedBytes(pid, seen);
      const own = highWaterBytes(procText(pid, 'status') ?? '');
      this.#peaks.ownMemory = Math.max(this.#peaks.ownMemory, own);
    }
    this.#peaks.treeMemory = Math.max(this.#peaks.treeMemory, memory, this.#peaks.ownMemory);
    this.#peaks.disk = Math.max(this.#peaks.disk, disk);
  }

  #findChildren(): void {
    for (const pid of processes()) {
      if (this.#members.has(pid) || this.#others.has(pid)) continue;
      const parent = parentOf(procText(pid, 'stat') ?? ') ? 0');
      if (this.#members.has(parent)) this.#members.set(pid, { parent, started: false });
      else this.#others.add(pid);
    }
  }
}
