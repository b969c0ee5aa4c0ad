import { expect, test } from '@jest/globals';
import { ipePolicyOutputsOf } from '../../../../src/frontend/action/ipe-policy-outputs.ts';
import { checkedPolicy, madePolicy } from '../../../helpers/policy-reports.ts';
import { digest, noWarning } from '../../../helpers/reports.ts';

test('a policy that was made and pushed', () => {
  const pushedTo = ['app', 'latest'].map((tag) => ({ reference: `r.example/p:${tag}`, digest: digest('1') }));
  expect(ipePolicyOutputsOf(madePolicy({ pushedTo }), '/r.json', noWarning)).toEqual({
    'policy-path': '/p/app.ipe',
    'signed-path': '/p/app.p7b',
    'mapping-path': '/p/app.json',
    version: '1.2.3',
    'pushed-to': `r.example/p:app@${digest('1')}\nr.example/p:latest@${digest('1')}`,
    lacking: '',
    'report-path': '/r.json',
  });
});

test('a policy that was checked', () => {
  expect(ipePolicyOutputsOf(checkedPolicy({ lacking: 0 }), '/r.json', noWarning)).toEqual({
    'policy-path': '',
    'signed-path': '',
    'mapping-path': '',
    version: '1.2.3',
    'pushed-to': '',
    lacking: '0',
    'report-path': '/r.json',
  });
});
