import { expect, test } from '@jest/globals';
import { checkTable, policyTable } from '../../../../../src/frontend/render/ipe-policy/table.ts';
import {
  checkedPolicy,
  madePolicy,
  policyImage,
  policySigner,
  ROOT_HASHES,
} from '../../../../helpers/policy-reports.ts';
import { digest } from '../../../../helpers/reports.ts';

const [A, B] = ROOT_HASHES;
const made = madePolicy({ pushedTo: [{ reference: 'r.example/policies:app', digest: digest('1') }] });
const checked = checkedPolicy();

test('a policy that was made', () => {
  expect(String(policyTable(made)).trimEnd().split('\n')).toEqual([
    'policy       app 1.2.3',
    `image        ${policyImage.name}`,
    'root hashes  2, 1 of them in node.ipe',
    'base         node.ipe',
    `signer       CN=policy, SHA-256 ${policySigner.fingerprint}`,
    'text         /p/app.ipe',
    'mapping      /p/app.json',
    'signed       /p/app.p7b',
    `pushed       r.example/policies:app, ${digest('1')}`,
  ]);
  const { base: _, ...without } = made.policy;
  const table = String(policyTable({ ...made, policy: without }));
  expect(table).toContain('base         none: only the initramfs and these layers execute');
});

test('a policy that was checked', () => {
  expect(String(checkTable(checked)).trimEnd().split('\n')).toEqual([
    'policy    app 1.2.3 in app.ipe',
    'signer    none: this is text',
    'defaults  EXECUTE DENY, all others ALLOW',
    'rules     1 root hash allowed',
    '          op=EXECUTE boot_verified=TRUE action=ALLOW',
    `image     ${policyImage.name}`,
    '',
    `  ${A}  allowed  layer 0 of linux/amd64 and 1 more`,
    `  ${B}  DENIED   layer 0 of linux/amd64`,
    '',
    '1 of 2 root hashes are not allowed',
  ]);
  const good = checkTable({ ...checked, rootHashes: checked.rootHashes.slice(0, 1), lacking: 0 });
  expect(String(good)).toMatch(/\nprograms of all layers run\n$/);
});

test('in a terminal of 60 columns no line is longer', () => {
  for (const table of [policyTable(made, 60), checkTable(checked, 60)]) {
    for (const line of String(table).split('\n')) expect(line.length).toBeLessThanOrEqual(60);
  }
});
