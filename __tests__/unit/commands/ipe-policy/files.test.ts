import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  checkFiles,
  policyFiles,
  writeFiles,
  writePolicyFiles,
} from '../../../../src/commands/ipe-policy/files.ts';
import { testFolder } from '../../../helpers/temp.ts';

const folder = testFolder();
const TEXT = 'policy_name=app policy_version=1.2.3\nDEFAULT action=DENY\n';

let folders = 0;
function newFolder(): string {
  folders += 1;
  return join(folder, String(folders));
}

describe('files of a policy', () => {
  test('are written into a new folder, for everyone to read', async () => {
    const out = join(newFolder(), 'below');
    const { policy, signed } = policyFiles(out, 'app');
    await writeFiles([
      [policy, Buffer.from('one')],
      [signed, Buffer.from('two')],
    ]);
    expect(readdirSync(out).sort()).toEqual(['app.ipe', 'app.p7b']);
    expect(readFileSync(signed, 'utf8')).toBe('two');
    expect(statSync(policy).mode & 0o777).toBe(0o644 & ~process.umask());
  });

  test('are those of one run, however many write at once', async () => {
    const out = newFolder();
    const files = policyFiles(out, 'app');
    const { signal } = new AbortController();
    const mixtures: string[][] = [];
    await Promise.all(
      Array.from({ length: 40 }, async (_, run) => {
        const content = Buffer.from(String(run));
        await writePolicyFiles(files, { policy: content, mapping: content, signed: content }, signal);
        // The next run still has to write its own files before it renames them.
        const found = Object.values(files).map((path) => readFileSync(path, 'utf8'));
        if (new Set(found).size > 1) mixtures.push(found);
      }),
    );
    expect(mixtures).toEqual([]);
    expect(readdirSync(out).sort()).toEqual(['app.ipe', 'app.json', 'app.p7b']);
  });

  test('are all as before if one cannot be written', async () => {
    const out = newFolder();
    const { policy, mapping } = policyFiles(out, 'app');
    mkdirSync(out);
    writeFileSync(policy, 'before');
    const broken = join(out, 'app.ipe/below/app.json');
    await expect(
      writeFiles([
        [policy, Buffer.from('after')],
        [broken, Buffer.from('after')],
        [mapping, Buffer.from('after')],
      ]),
    ).rejects.toThrow('ENOTDIR');
    expect(readdirSync(out)).toEqual(['app.ipe']);
    expect(readFileSync(policy, 'utf8')).toBe('before');
  });

  test('leave no folder behind if one cannot be written, but those that were there', async () => {
    const out = newFolder();
    mkdirSync(out);
    writeFileSync(join(out, 'file'), '');
    await expect(
      writeFiles([
        [join(out, 'a/b/one'), Buffer.from('')],
        [join(out, 'a/two'), Buffer.from('')],
        [join(out, 'file/three'), Buffer.from('')],
      ]),
    ).rejects.toThrow('ENOTDIR');
    expect(readdirSync(out)).toEqual(['file']);
  });

  test.each(['policy', 'mapping', 'signed'] as const)('are not waited for: %s is a FIFO', async (kind) => {
    const out = newFolder();
    mkdirSync(out);
    const files = policyFiles(out, 'app');
    execFileSync('mkfifo', [files[kind]]);
    await expect(checkFiles(files, 'app')).rejects.toThrow('exists and is not of this policy');
  });

  test('may replace an earlier version, which is returned', async () => {
    const out = newFolder();
    mkdirSync(out);
    const files = policyFiles(out, 'app');
    expect(await checkFiles(files, 'app')).toBeUndefined();
    writeFileSync(files.policy, TEXT);
    writeFileSync(files.mapping, '{"policy":{"name":"app"}}');
    expect(await checkFiles(files, 'app')).toMatchObject({ version: [1, 2, 3] });
  });

  test.each([
    ['policy', TEXT.replace('app', 'web')],
    ['policy', 'op=EXECUTE'],
    ['mapping', '{"policy":{"name":"web"}}'],
    ['mapping', '[]'],
    ['mapping', 'null'],
    ['mapping', '{'],
    ['signed', TEXT],
    ['signed', ''],
  ] as const)('never replace what is not of the policy: %s %j', async (kind, content) => {
    const out = newFolder();
    mkdirSync(out);
    const files = policyFiles(out, 'app');
    writeFileSync(files[kind], content);
    await expect(checkFiles(files, 'app')).rejects.toThrow(
      expect.objectContaining({
        code: 'usage',
        message: `out: ${files[kind]} exists and is not of this policy`,
      }),
    );
  });
});
