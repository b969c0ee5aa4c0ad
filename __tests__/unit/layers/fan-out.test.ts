import { PassThrough, Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { fanOut } from '../../../src/layers/fan-out.ts';

const CHUNK = 1024 * 1024;

async function collect(stream: Readable): Promise<string> {
  return Buffer.concat(await stream.toArray()).toString();
}

function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new TypeError(`nothing at ${index}`);
  return item;
}

describe('fanOut', () => {
  test('all consumers get the same bytes', async () => {
    const branches = fanOut(Readable.from([Buffer.from('ab'), Buffer.from('cd')]), 3);
    expect(await Promise.all(branches.map(collect))).toEqual(['abcd', 'abcd', 'abcd']);
  });

  test('the slowest sets the pace', async () => {
    let given = 0;
    const source = Readable.from(
      (function* () {
        for (; given < 64; given++) yield Buffer.alloc(CHUNK);
      })(),
    );
    const branches = fanOut(source, 2);
    at(branches, 0).resume();
    await setTimeout(50);
    expect(given).toBeLessThan(16);
    at(branches, 1).resume();
    await Promise.all(branches.map((branch) => new Promise((resolve) => branch.once('end', resolve))));
    expect(given).toBe(64);
  });

  test('an error of the source reaches all', async () => {
    const source = new PassThrough();
    const branches = fanOut(source, 2);
    const ends = branches.map(collect);
    source.write('x');
    source.destroy(new Error('gone'));
    for (const end of ends) await expect(end).rejects.toThrow('gone');
  });

  test('one that is destroyed holds up none', async () => {
    const chunks = Array.from({ length: 32 }, () => Buffer.alloc(CHUNK, 1));
    const branches = fanOut(Readable.from(chunks), 2);
    await setTimeout(20);
    at(branches, 0).destroy();
    expect((await collect(at(branches, 1))).length).toBe(32 * CHUNK);
  });

  test('the source is destroyed with the last', async () => {
    const source = new PassThrough();
    const branches = fanOut(source, 2);
    for (const branch of branches) branch.destroy();
    await setTimeout(10);
    expect(source.destroyed).toBe(true);
  });
});
