import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readContainerdConfig } from '../../../../../src/commands/doctor/containerd/config.ts';
import { NodeFiles } from '../../../../../src/commands/doctor/node-files.ts';
import { writeNode } from '../../../../helpers/node-root.ts';
import { testFolder } from '../../../../helpers/temp.ts';

const folder = testFolder();
const CONFIG = '/etc/containerd/config.toml';
const OWN = '/etc/containerd/own.toml';

describe('a file with which containerd 2.4.2 does not start is not read', () => {
  test.each<[string, string | Buffer, string]>([
    ['a later version', 'version = 5\n', 'version: newer than 4, and containerd 2.4 does not start with it'],
    ['a byte order mark', '\uFEFFversion = 3\n', 'it begins with a byte order mark'],
    ['other bytes than UTF-8', Buffer.from('root = "/\xff"\n', 'latin1'), 'it is not UTF-8'],
    [
      'a short name of a plugin',
      'version = 2\ndisabled_plugins = ["cri"]\n',
      'disabled_plugins has "cri", which is no full name of a plugin',
    ],
  ])('%s', async (what, content, reason) => {
    for (const [path, files] of [
      [CONFIG, { [CONFIG]: content }],
      [OWN, { [CONFIG]: 'imports = ["own.toml"]', [OWN]: content }],
    ] as const) {
      const root = join(folder, what, path);
      writeNode(root, files);
      const read = await readContainerdConfig(new NodeFiles(root), CONFIG);
      expect(read).toEqual({ state: 'unreadable', path, reason });
    }
  });
});

test.each(['version = 4\n', 'version = 2\n', 'disabled_plugins = ["cri"]\n', ''])(
  'a file with which it starts is read: %j',
  async (content) => {
    const root = join(folder, Buffer.from(content).toString('hex') || 'empty');
    writeNode(root, { [CONFIG]: content });
    expect((await readContainerdConfig(new NodeFiles(root), CONFIG)).state).toBe('read');
  },
);
