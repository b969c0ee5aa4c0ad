import { execFileSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { parseReferrers, WITH_LITTLE_MEMORY } from '../../../../src/oci/oras/referrers.ts';

const referrer = {
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  digest: `sha256:${'1'.repeat(64)}`,
  size: 854,
  annotations: { k: 'v', K: 'V' },
  artifactType: 'a/b',
};
const listed = { reference: 'localhost/app@sha256:1', ...referrer };
const parse = (value: unknown) => parseReferrers(Buffer.from(JSON.stringify(value)));

test('the forms of oras 1.2 and 1.3', () => {
  expect(parse({ manifests: [listed] })).toEqual([referrer]);
  const root = { ...listed, referrers: [{ ...listed, referrers: [] }] };
  expect(parse(root)).toEqual([referrer]);
  for (const none of [{ manifests: null }, { ...listed, referrers: null }, {}])
    expect(parse(none)).toEqual([]);
});

test.each([
  ['fault 71', { manifests: [], Manifests: [listed] }],
  ['fault 71', { referrers: [{ ...listed, Digest: listed.digest }] }],
])('%s: %j is refused', (_fault, value) => {
  expect(() => parse(value)).toThrow(expect.objectContaining({ code: 'image' }));
});

test.each([
  ['unlimited', 'unlimited', '524288'],
  ['1048576', 'unlimited', '524288'],
  ['262144', 'unlimited', '262144'],
  ['262144', '262144', '262144'],
])('a soft limit of %s KiB of memory and a hard one of %s become %s', (soft, hard, now) => {
  const [shell, ...args] = WITH_LITTLE_MEMORY as [string, ...string[]];
  const limited = `ulimit -S -d ${soft} && ulimit -H -d ${hard} && exec "$0" "$@"`;
  const show = ['/bin/sh', '-c', 'echo "$(ulimit -S -d) $(ulimit -H -d)"'];
  const said = execFileSync('/bin/sh', ['-c', limited, shell, ...args, ...show], { encoding: 'utf8' });
  expect(said).toBe(`${now} ${hard}\n`);
});
