import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readActivePolicy } from '../../../../src/commands/doctor/active-policy.ts';
import { NodeFiles } from '../../../../src/commands/doctor/node-files.ts';
import { writeNode } from '../../../helpers/node-root.ts';
import { testFolder } from '../../../helpers/temp.ts';

const folder = testFolder();
const POLICIES = '/sys/kernel/security/ipe/policies';
const TEXT = 'policy_name=app policy_version=1.2.3\nDEFAULT action=DENY\n';

test.each<[string, Record<string, string>, unknown]>([
  ['no folder of policies', {}, { state: 'unknown' }],
  ['only inactive ones', { 'app/active': '0\n', 'boot/active': '0' }, { state: 'none' }],
  ['one that does not show its state', { 'app/active/x': '', 'boot/active': '0' }, { state: 'unknown' }],
  ['an active one without text', { 'app/active': '1' }, { state: 'unknown' }],
  ['an active one without rules', { 'app/active': '1', 'app/policy': '' }, { state: 'unknown' }],
  [
    'an active one after one that does not show its state',
    { 'a/active/x': '', 'app/active': '1', 'app/policy': TEXT },
    { state: 'active', policy: { name: 'app', version: [1, 2, 3] } },
  ],
])('%s', async (what, files, expected) => {
  const root = join(folder, what);
  writeNode(
    root,
    Object.fromEntries(Object.entries(files).map(([path, text]) => [join(POLICIES, path), text])),
  );
  expect(await readActivePolicy(new NodeFiles(root))).toMatchObject(expected as object);
});

test.each(['č', 'Ċ'])('a comment with %j is no end of a line, as in the kernel', async (character) => {
  const root = join(folder, `comment-${character.codePointAt(0)}`);
  const text = `${TEXT}# ${character}op=EXECUTE action=ALLOW\n`;
  writeNode(root, { [join(POLICIES, 'app/active')]: '1', [join(POLICIES, 'app/policy')]: text });
  expect(await readActivePolicy(new NodeFiles(root))).toMatchObject({ policy: { rules: [] } });
});

test('an empty folder, as after a reboot: none is active', async () => {
  const root = join(folder, 'rebooted');
  mkdirSync(join(root, POLICIES), { recursive: true });
  expect(await readActivePolicy(new NodeFiles(root))).toEqual({ state: 'none' });
});
