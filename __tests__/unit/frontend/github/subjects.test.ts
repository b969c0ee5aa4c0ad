import { expect, test } from '@jest/globals';
import { byDigest, checkName, subjectsOf } from '../../../../src/frontend/github/subjects.ts';
import { signVerb } from '../../../../src/frontend/github/verbs.ts';
import { failedImage } from '../../../../src/report/failed-image.ts';
import { digest, report } from '../../../helpers/reports.ts';

const VERB = signVerb(false);
const at = (reference: string, digit: string) => {
  const base = report();
  return report({ image: { ...base.image, reference, digest: digest(digit) } });
};
const failed = (reference: string) => failedImage(reference, { code: 'image', message: 'no' });
const names = (references: string[], pushTo: string[] = []): string[] =>
  subjectsOf(references.map(failed), VERB, pushTo).map((subject) => checkName(subject, 'sign', []));

test('a name has neither tag nor digest, and says where the image is pushed', () => {
  expect(names(['app:1.0'])).toEqual(['verity-sign / docker.io/library/app (sign)']);
  expect(names([`docker://ghcr.io/o/app:1@${digest('a')}`])).toEqual(['verity-sign / ghcr.io/o/app (sign)']);
  expect(names(['oci:dir:tag'])).toEqual(['verity-sign / oci:dir (sign)']);
  expect(names(['docker-daemon:app:1'])).toEqual(['verity-sign / docker.io/library/app (sign)']);
  expect(names(['NOT AN IMAGE'])).toEqual(['verity-sign / NOT AN IMAGE (sign)']);
  expect(names(['oci:dir'], ['ghcr.io/o/app:1', 'ghcr.io/o/app:2', 'quay.io/o/app:1'])).toEqual([
    'verity-sign / ghcr.io/o/app (sign)',
    'verity-sign / quay.io/o/app (sign)',
  ]);
});

test('images of one repository are one subject; each digest is one', () => {
  const entries = [at('ghcr.io/o/app:a', '1'), failed('ghcr.io/o/app:b'), at('ghcr.io/o/app:c', '2')];
  const subjects = subjectsOf([...entries, at('ghcr.io/o/tool', '1')], VERB);
  expect(subjects.map(({ image, members }) => [image, members.length])).toEqual([
    ['ghcr.io/o/app', 3],
    ['ghcr.io/o/tool', 1],
  ]);
  const [first] = subjects;
  if (first === undefined) throw new Error('no subject');
  expect(byDigest(first).map((subject) => checkName(subject, 'sign', []))).toEqual([
    `verity-sign / ghcr.io/o/app@${digest('1')} (sign)`,
    `verity-sign / ghcr.io/o/app@${digest('2')} (sign)`,
  ]);
});

test('an image that failed before it was read fails under the digest by which it was named', () => {
  const digests = (reference: string, pushTo: string[] = []) =>
    subjectsOf([failed(reference)], VERB, pushTo)
      .flatMap(byDigest)
      .map((subject) => [checkName(subject, 'sign', []), subject.members[0]?.outcome.conclusion]);
  const hash = digest('a');
  const name = `verity-sign / ghcr.io/o/app@${hash} (sign)`;
  expect(digests(`ghcr.io/o/app:1@${hash}`)).toEqual([[name, 'failure']]);
  expect(digests(`oci:dir@${hash}`)).toEqual([[`verity-sign / oci:dir@${hash} (sign)`, 'failure']]);
  expect(digests(`oci-archive:app.tar@${hash}`, ['ghcr.io/o/app:1'])).toEqual([[name, 'failure']]);
  for (const other of ['ghcr.io/o/app:1', 'docker-daemon:app:1', 'NOT AN IMAGE', 'app@sha256:1']) {
    expect(digests(other)).toEqual([]);
  }
});

test('a part that failed makes the image fail', () => {
  const part = { ...at('app', '1'), error: { code: 'registry' as const, message: 'not pushed' } };
  const [subject] = subjectsOf([part], VERB);
  expect(subject?.members[0]?.outcome).toEqual({
    conclusion: 'failure',
    words: 'Failed',
    digest: digest('1'),
    error: part.error,
  });
});

test('a name has at most 255 characters, and long ones differ', () => {
  const members = subjectsOf([failed('app')], VERB)[0]?.members ?? [];
  const of = (image: string, platforms: string[], hash?: string): string =>
    checkName({ image, members, ...(hash === undefined ? {} : { digest: hash }) }, 'verify', platforms);
  const long = `registry.example/${'a'.repeat(400)}`;
  const platforms = Array.from({ length: 30 }, (_, index) => `linux/arch${index}`);
  const sha512 = `sha512:${'f'.repeat(128)}`;
  for (const name of [of(long, []), of(long, platforms), of(long, platforms, sha512)]) {
    expect([...name].length).toBeLessThanOrEqual(255);
    expect(name.startsWith('verity-sign / registry.example/')).toBe(true);
  }
  expect(of(`${long}b`, [])).not.toBe(of(`${long}c`, []));
  expect(of('app', platforms)).not.toBe(of('app', platforms.slice(1)));
  expect(of('app', ['linux/b', 'linux/a'])).toBe('verity-sign / app (verify, linux/a, linux/b)');
  expect(of(long, platforms, sha512)).toContain(`@${sha512} (verify, `);
});

test('a name is one harmless line', () => {
  const members = subjectsOf([failed('app')], VERB)[0]?.members ?? [];
  expect(checkName({ image: 'a\n##[error]\u202eb', members }, 'sign', [])).toBe(
    'verity-sign / a\\u000a# #[error]\\u202eb (sign)',
  );
});
