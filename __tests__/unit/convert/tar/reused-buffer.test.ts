import { expect, test } from '@jest/globals';
import { ReusedBuffer } from '../../../../src/convert/tar/reused-buffer.ts';

test('holds what was appended since it was cleared', () => {
  const buffer = new ReusedBuffer();
  expect(buffer.bytes).toHaveLength(0);
  for (const wanted of ['abc'.repeat(100), 'd', '', 'e'.repeat(5000)]) {
    buffer.clear();
    const chunk = Buffer.from(`##${wanted}##`);
    for (let at = 2; at < wanted.length + 2; at += 7) {
      buffer.append(chunk, at, Math.min(at + 7, wanted.length + 2));
    }
    expect(buffer.bytes.toString()).toBe(wanted);
  }
});
