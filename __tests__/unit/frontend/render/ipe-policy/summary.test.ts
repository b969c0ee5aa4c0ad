import { expect, test } from '@jest/globals';
import { renderIpePolicySummary } from '../../../../../src/frontend/render/ipe-policy/summary.ts';
import {
  checkedPolicy,
  madePolicy,
  policyImage,
  policyLayer,
  ROOT_HASHES,
} from '../../../../helpers/policy-reports.ts';
import { githubHtml } from '../../../../helpers/rendered-markdown.ts';
import { digest } from '../../../../helpers/reports.ts';

const [A, B] = ROOT_HASHES;

/** Rendered as GitHub does, which refuses elements and links that are not ours. */
function summary(...given: Parameters<typeof renderIpePolicySummary>): string {
  const text = renderIpePolicySummary(...given);
  githubHtml(text);
  return text;
}

test('a policy that was made: name, version, root hashes, and how a node loads it', () => {
  const text = summary([madePolicy()]);
  expect(text).toMatch(/^### ✅ IPE policy app 1.2.3 is made\n/);
  for (const [name, value] of [
    ['Name', '<code>app</code>'],
    ['Version', '<code>1.2.3</code>'],
    ['Root hashes', '2, 1 of them in the base'],
  ]) {
    expect(text).toContain(`<tr><th align="left">${name}</th><td>${value}</td></tr>`);
  }
  expect(/```sh\n([\s\S]*?)```/.exec(text)?.[1]).toBe(
    [
      'cat app.p7b > /sys/kernel/security/ipe/new_policy   # the first time',
      'cat app.p7b > /sys/kernel/security/ipe/policies/app/update   # when an earlier version is loaded',
      'echo 1 > /sys/kernel/security/ipe/policies/app/active',
      '',
    ].join('\n'),
  );
  expect(text).not.toContain('[!WARNING]');
});

test('a pushed policy is pulled by its digest, once', () => {
  const pushedTo = ['a', 'b'].map((tag) => ({ reference: `r.example:5000/p:${tag}`, digest: digest('2') }));
  const text = summary([madePolicy({ pushedTo })]);
  expect(text.match(/^oras pull .*$/gm)).toEqual([`oras pull r.example:5000/p@${digest('2')}`]);
  expect(text.match(/<th align="left">Pushed<\/th>/g)).toHaveLength(2);
});

test('without base, a warning', () => {
  const { base: _, ...policy } = madePolicy().policy;
  const text = summary([madePolicy({ policy })]);
  expect(text).toContain('> [!WARNING]\n> **The policy has no base**');
});

test('a check: only what the policy does not allow is listed, with its layers', () => {
  const text = summary([checkedPolicy()]);
  expect(text).toMatch(/^### ❌ IPE policy app 1.2.3 does not allow 1 of 2 root hashes\n/);
  expect(text).toContain(`| <code>${B}</code> | **denied** | layer 0 of `);
  expect(text).not.toContain(A);
  const allowed = summary([
    checkedPolicy({ lacking: 0, rootHashes: [{ rootHash: A, verdict: 'allowed', layers: [policyLayer] }] }),
  ]);
  expect(allowed).toMatch(/^### ✅ IPE policy app 1.2.3 allows every layer\n/);
  expect(allowed).not.toContain('| Root hash |');
});

test('a root hash that only a signature lets run says so', () => {
  const rootHashes = [{ rootHash: B, verdict: 'signed-only' as const, layers: [policyLayer] }];
  expect(summary([checkedPolicy({ rootHashes })])).toContain(
    '**allowed only with a signature on the device**',
  );
});

test('many images, layers and root hashes are counted, and the limit is kept', () => {
  const images = Array.from({ length: 103 }, () => policyImage);
  const layers = Array.from({ length: 5 }, () => policyLayer);
  const rootHashes = Array.from({ length: 1002 }, (_, index) => ({
    rootHash: index.toString(16).padStart(64, '0'),
    inBase: false,
    layers,
  }));
  const text = summary([madePolicy({ images, rootHashes })]);
  expect(text).toContain('<tr><th align="left">Images</th><td>and 3 more</td></tr>');
  expect(text).toContain('> 2 more root hashes are listed in the JSON report.');
  expect(text.match(/layer 0 of/g)).toHaveLength(3 * 1000);
  expect(text.match(/ and 2 more \|$/gm)).toHaveLength(1000);
  const short = summary([madePolicy({ images, rootHashes })], 30_000);
  expect(Buffer.byteLength(short)).toBeLessThanOrEqual(30_000);
  expect(short).toContain('The rest does not fit into the job summary');
});

test('foreign text is shown, not interpreted', () => {
  const image = { ...policyImage, name: 'r.example/<b>x</b>|[y](http://evil.example)' };
  const layer = { ...policyLayer, image: image.name, platform: 'linux/`|<img>' };
  const rootHashes = [{ rootHash: B, verdict: 'denied' as const, layers: [layer] }];
  summary([checkedPolicy({ images: [image], rootHashes })]);
  expect(renderIpePolicySummary([checkedPolicy({ images: [image], rootHashes })])).not.toMatch(/<b>|<img>/);
});
