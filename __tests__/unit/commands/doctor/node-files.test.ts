import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { NodeFiles } from '../../../../src/commands/doctor/node-files.ts';
import { testFolder } from '../../../helpers/temp.ts';

const folder = testFolder();

describe('files of a node', () => {
  test('are not waited for, whatever lies in their places', async () => {
    const files = new NodeFiles(folder);
    execFileSync('mkfifo', [join(folder, 'fifo')]);
    mkdirSync(join(folder, 'folder'));
    expect(await files.read('/fifo')).toEqual({ state: 'unreadable', reason: 'not a regular file' });
    expect(await files.read('/folder')).toEqual({ state: 'unreadable', reason: 'EISDIR' });
    expect(await files.read('/none')).toEqual({ state: 'absent' });
  });

  test('are those of the node where links lead up or to its root', async () => {
    mkdirSync(join(folder, 'etc'));
    writeFileSync(join(folder, 'etc/own'), 'own');
    symlinkSync('/etc/own', join(folder, 'absolute'));
    symlinkSync('../../../../../../../../etc/own', join(folder, 'up'));
    symlinkSync('loop', join(folder, 'loop'));
    const files = new NodeFiles(folder);
    expect(await files.text('/absolute')).toBe('own');
    expect(await files.text('/up')).toBe('own');
    expect(await files.read('/loop')).toEqual({ state: 'unreadable', reason: 'ELOOP' });
  });
});
