import { expect, test } from '@jest/globals';
import {
  checkContent,
  descriptorOf,
  descriptorSchema,
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
