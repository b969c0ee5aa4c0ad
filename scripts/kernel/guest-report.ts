import type { BootResult } from './qemu.ts';

/** What the guest saw, by key: see guest/init. */
export class Report {
  readonly console: string;
  readonly seconds: number;
  readonly #outcomes = new Map<string, string>();
  readonly #trees = new Map<string, string[]>();

  constructor({ report, console, seconds }: BootResult) {
    this.console = console;
    this.seconds = seconds;
    let tree: string[] = [];
    for (const line of report.trimEnd().split('\n')) {
      const [, key, outcome] = /^== (\S+) ?(.*)$/.exec(line) ?? [];
      if (key === undefined) {
        tree.push(line);
      } else if (key.startsWith('tree/')) {
        tree = [];
        this.#trees.set(key.slice('tree/'.length), tree);
      } else {
        if (this.#outcomes.has(key)) throw new Error(`${key} is reported twice`);
        this.#outcomes.set(key, outcome ?? '');
      }
    }
  }

  outcome(key: string): string | undefined {
    return this.#outcomes.get(key);
  }

  tree(key: string): string[] | undefined {
    return this.#trees.get(key);
  }

  /** All outcomes whose keys begin with `prefix`, by the rest of the key. */
  outcomes(prefix: string): Record<string, string> {
    const found = [...this.#outcomes].filter(([key]) => key.startsWith(prefix));
    return Object.fromEntries(found.map(([key, outcome]) => [key.slice(prefix.length), outcome]));
  }
}
