import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { architecture, checkSha256, command, place } from './common.ts';
import { NODE_OLDEST } from './pins.ts';
import type { Tool } from './tool.ts';

const { program, builds } = NODE_OLDEST;

/** The oldest supported Node, for tests of what newer ones do differently. */
export const NODE_OLDEST_TOOL: Tool = {
  name: program,
  description: 'the oldest Node that is supported; from npm',
  programs: [program],
  inputs: NODE_OLDEST,
  demo: false,
  needs: [],
  seconds: 10,
  megabytes: 123,
  install: async () => {
    const build = builds[architecture()];
    const folder = await mkdtemp(join(tmpdir(), 'tools-'));
    try {
      const file = (await command(['npm', 'pack', '--silent', build.package], folder)).trim();
      await checkSha256(join(folder, file), build.sha256);
      await command(['tar', '--extract', '--gzip', `--file=${file}`, 'package/bin/node'], folder);
      await place(join(folder, 'package/bin/node'), program);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
