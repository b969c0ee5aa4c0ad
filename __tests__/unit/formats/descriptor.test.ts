import { expect, test } from '@jest/globals';
import {
  checkContent,
  descriptorOf,
  descriptorSchema,
  distinctContent,
  plainDescriptor,
  sameContent,
  toDescriptor,
} from '../../../src/formats/descriptor.ts';

const EMPTY_JSON = descriptorOf('application/json', Buffer.from('{}'));
const imageError = (message: string) => expect.objectContaining({ code: 'image', message });

test('describes bytes', () => {
  // The image-spec gives this digest for the empty JSON object.
  expect(EMPTY_JSON).toEqual({
    mediaType: 'application/json',
    digest: 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
    size: 2,
  });
  expect(sameContent(EMPTY_JSON, { ...EMPTY_JSON, annotations: { a: 'b' } })).toBe(true);
  for (const other of [{ size: 3 }, { mediaType: 'text/plain' }, { digest: 'sha256:0' }]) {
    expect(sameContent(EMPTY_JSON, { ...EMPTY_JSON, ...other })).toBe(false);
  }
});

test('null, as Go programs write it, is an absent property', () => {
  const parsed = descriptorSchema.parse({
    ...EMPTY_JSON,
    annotations: null,
    platform: null,
    artifactType: null,
    data: 'e30=',
  });
  expect(Object.keys(toDescriptor(parsed))).toEqual(['mediaType', 'digest', 'size']);
});

test('embedded content must be what the descriptor says', () => {
  const reasons = (descriptor: object) =>
    descriptorSchema.safeParse(descriptor).error?.issues.map(({ path, message }) => [path[0], message]);
  expect(reasons({ ...EMPTY_JSON, data: 'e30=' })).toBeUndefined();
  expect(reasons({ ...EMPTY_JSON, data: null })).toBeUndefined();
  expect(reasons({ ...EMPTY_JSON, data: '' })).toEqual([
    ['data', 'the embedded content has 0 bytes, the descriptor says 2'],
  ]);
  const other = descriptorOf('application/json', Buffer.from('[]'));
  expect(reasons({ ...EMPTY_JSON, data: 'W10=' })).toEqual([
    ['data', `the embedded content has digest ${other.digest}, the descriptor says ${EMPTY_JSON.digest}`],
  ]);
  const sha512 = {
    digest:
      'sha512:27c74670adb75075fad058d5ceaf7b20c4e7786c83bae8a32f626f9782af34c9a33c2046ef60fd2a7878d378e29fec851806bbd9a67878f3a9f1cda4830763fd',
  };
  expect(reasons({ ...EMPTY_JSON, ...sha512, data: 'e30=' })).toBeUndefined();
  expect(reasons({ ...EMPTY_JSON, ...sha512, data: 'W10=' })).toHaveLength(1);
  expect(reasons({ ...EMPTY_JSON, digest: 'sha256:0', data: 'e30=' })).toEqual([
    ['digest', 'not a sha256 or sha512 digest'],
  ]);
});

test('keeps what describes an entry of an index, and drops it from a subject', () => {
  const entry = {
    ...EMPTY_JSON,
    annotations: { a: 'b' },
    platform: { os: 'linux', architecture: 'arm', variant: 'v6' },
    artifactType: 'application/x',
  };
  expect(toDescriptor(descriptorSchema.parse(entry))).toEqual(entry);
  expect(plainDescriptor(entry)).toEqual(EMPTY_JSON);
});

test('checks content against its descriptor', () => {
  expect(() => checkContent(Buffer.from('{}'), EMPTY_JSON)).not.toThrow();
  expect(() => checkContent(Buffer.from('{} '), EMPTY_JSON)).toThrow(
    imageError(`${EMPTY_JSON.digest} has 3 bytes, its descriptor says 2`),
  );
  const other = descriptorOf('application/json', Buffer.from('[]'));
  expect(() => checkContent(Buffer.from('[]'), EMPTY_JSON)).toThrow(
    imageError(`the content of ${EMPTY_JSON.digest} has digest ${other.digest}`),
  );
});

test('the first descriptor of each content, unless another one says another size', () => {
  const other = descriptorOf('text/plain', Buffer.from('other'));
  const again = { ...EMPTY_JSON, mediaType: 'text/plain' };
  expect(distinctContent([EMPTY_JSON, other, again, EMPTY_JSON])).toEqual([EMPTY_JSON, other]);
  expect(() => distinctContent([other, EMPTY_JSON, { ...again, size: 3 }])).toThrow(
    imageError(`${EMPTY_JSON.digest} has two sizes: one descriptor says 2 bytes, another 3`),
  );
});
