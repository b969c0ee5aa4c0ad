import { describe, expect, test } from '@jest/globals';
import { removeTable } from '../../../../../src/frontend/render/remove/table.ts';
import type { RemoveReport } from '../../../../../src/report/remove-report.ts';

const OLD = 'ab'.repeat(32);
const digest = (character: string): string => `sha256:${character.repeat(64)}`;
const signer = (subject: string, fingerprint: string) => ({
  ...{ subject, issuer: 'CN=root', fingerprint, keyType: 'EC-256' },
  ...{ notBefore: '2026-01-01T00:00:00.000Z', notAfter: '2027-01-01T00:00:00.000Z' },
});
const manifest = {
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  digest: digest('1'),
  size: 1,
};
const index = { ...manifest, mediaType: 'application/vnd.oci.image.index.v1+json' };

function report(change: Partial<RemoveReport> = {}): RemoveReport {
  const old = [signer('CN=old', OLD)];
  return {
    schemaVersion: 1,
    tool: { name: 'verity-sign', version: '0' },
    image: { reference: 'oci:x', name: `oci:x@${digest('0')}`, digest: digest('0'), mediaType: 'x' },
    removedSigner: OLD,
    profiles: [],
    confirmed: false,
    signatures: [
      {
        ...{ kind: 'layers', referrer: digest('2'), platform: 'linux/amd64', manifest, signers: old },
        ...{ profile: 'containerd', lastGood: false, fate: 'kept' },
      },
      {
        ...{ kind: 'manifest', referrer: digest('3'), manifest: index, signers: old },
        ...{ lastGood: true, fate: 'kept' },
      },
    ],
    staying: [
      {
        ...{ kind: 'layers', referrer: digest('4'), platform: 'linux/amd64', manifest, good: true },
        ...{ signers: [signer('CN=new', 'cd'.repeat(32)), signer('CN=other', 'ef'.repeat(32))] },
      },
      {
        ...{ kind: 'layers', referrer: digest('5'), platform: 'linux/amd64', manifest, good: false },
        ...{ signers: [], reason: 'damaged\u001b' },
      },
    ],
    ...change,
  };
}

describe('the table of remove', () => {
  test('lists what would be removed, and what stays', () => {
    expect(removeTable(report()).split('\n')).toEqual([
      `image   oci:x@${digest('0')}`,
      `signer  CN=old, SHA-256 ${OLD}`,
      '',
      'would be removed',
      '  linux/amd64  layers, containerd  sha256:222222222222…',
      '  index        manifest            sha256:333333333333…  the last good signature',
      '',
      'stays',
      '  linux/amd64  layers, no profile  sha256:444444444444…  by CN=new (cdcdcdcdcdcd…) and 1 other',
      '  linux/amd64  layers, no profile  sha256:555555555555…  by an unknown signer: NOT VALID: damaged\\u001b',
      '',
      'nothing was removed. --yes removes 2 signatures, but only with --force: 1 last good signature among them',
      '',
    ]);
  });

  test('says what has become of each', () => {
    const signatures = report().signatures.map((one, at) => ({
      ...one,
      fate: at === 0 ? ('deleted' as const) : ('unlisted' as const),
    }));
    const table = removeTable(report({ confirmed: true, signatures, staying: [] }));
    expect(table).toContain('to remove\n');
    expect(table).toMatch(/222222222222… {2}deleted\n/);
    expect(table).toMatch(/the last good signature, no longer listed, but stored\n/);
    expect(table).toContain('stays\n  nothing\n');
    expect(table).toMatch(/\n1 of 2 signatures removed\n$/);
  });

  test('says that there is nothing to remove', () => {
    const table = removeTable(report({ signatures: [], profiles: ['containerd'] }));
    expect(table).toContain('no signature of this signer for containerd: nothing to remove');
  });
});
