import { HASHING, hashings, NODE, START } from '../floors/parts.ts';
import { cli, plain } from '../peers/contestant.ts';
import { ours } from '../peers/ours.ts';
import { type Case, layersOf } from './case.ts';
import { HELP, TINY } from './names.ts';

/** A start takes milliseconds, so that one run more costs nothing. */
const TIMES = 4;

/** Process start: Node without work, the CLI's `--help`, and signing one layer of 1 MB in a layout. */
export const STARTS: Case = {
  name: START,
  always: true,
  rounds: (asked) => asked * TIMES,
  async contestants({ cache, pki }) {
    const layers = await layersOf('one-1MB', cache);
    const sign = ours({ layers, form: 'gzip', profile: 'containerd', pki });
    const processorTime = true;
    return [
      plain(NODE, () => ({ argv: [process.execPath, '--eval', '0'], processorTime })),
      cli(HELP, ['--help'], { processorTime }),
      {
        name: TINY,
        prepare: async (folder) => ({ ...(await sign.prepare(folder)), processorTime }),
      },
    ];
  },
};

/** OpenSSL's rates, from which the floors of all images are computed. */
export const HASHINGS: Case = {
  name: HASHING,
  always: true,
  contestants: async () => hashings(),
};
