import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readEvents } from '../../../../../src/commands/preflight/vm/events.ts';
import { testFolder } from '../../../../helpers/temp.ts';

const folder = testFolder();
const END = '{"event":"end"}\n';
const output = (text: string) => `${JSON.stringify({ event: 'output', stream: 'stdout', text })}\n`;

async function read(content: string | Uint8Array) {
  const path = join(folder, 'report');
  writeFileSync(path, content);
  const events = [];
  for await (const event of readEvents(path)) events.push(event);
  return events;
}

describe('a report', () => {
  test('ends at the first NUL', async () => {
    const events = await read(`${output('a')}${END}\0${output('b')}`);
    expect(events).toEqual([{ event: 'output', stream: 'stdout', text: 'a' }, { event: 'end' }]);
  });

  test('is read over the borders of what is read at once', async () => {
    const texts = Array.from({ length: 400 }, (_, index) => String(index).padStart(3000 + index, 'x'));
    const events = await read(texts.map(output).join('') + END + '\0'.repeat(600_000));
    expect(events).toEqual([
      ...texts.map((text) => ({ event: 'output', stream: 'stdout', text })),
      { event: 'end' },
    ]);
  });

  test('of a guest that was stopped has no end, and loses half a line', async () => {
    expect(await read(`${output('a')}{"event":"en\0`)).toEqual([expect.objectContaining({ text: 'a' })]);
    expect(await read(output('a') + output('b').slice(0, -1))).toHaveLength(1);
    expect(await read('')).toEqual([]);
    expect(await read('\0'.repeat(512))).toEqual([]);
  });

  test('has both kinds of attacks', async () => {
    const dropped = { event: 'attack', name: 'dropped', outcome: 'EACCES' };
    const changed = {
      event: 'attack',
      name: 'changed-byte',
      layer: 1,
      control: 'OK',
      open: 'OK',
      read: 'EIO',
    };
    expect(await read(`${JSON.stringify(dropped)}\n${JSON.stringify(changed)}\n`)).toEqual([
      dropped,
      changed,
    ]);
  });
});

describe('what is not a report', () => {
  test.each([
    ['text', 'hello\n', 'line 1 .* is not JSON'],
    ['an empty line', '\n', 'line 1 .* is not JSON'],
    ['JSON that is no object', '[]\n', 'line 1 .* is not an event'],
    ['an unknown event', `${output('a')}{"event":"verdict"}\n`, 'line 2 .* is not an event: see "event"'],
    [
      'a field of another type',
      '{"event":"layer","layer":"1","step":"open","outcome":"OK"}\n',
      'see "layer"',
    ],
    [
      'a negative number of a layer',
      '{"event":"layer","layer":-1,"step":"open","outcome":"OK"}\n',
      'see "layer"',
    ],
    ['an event after the end', END + output('a'), 'line 2 .* follows the end'],
    [
      'a character that is no byte, escaped',
      output('a').replace('"a"', '"\\u012f"'),
      'one character for each byte',
    ],
    ['a character that is no byte', output('\u2028'), 'one character for each byte'],
    ['a text that is too long', output('x'.repeat(20_000)), 'see "text"'],
    [
      'a line that is too long',
      `${output('a')}{"event":"${'x'.repeat(3_000_000)}"}\n`,
      'line 2 .* more than 524288',
    ],
  ])('%s', async (_name, content, message) => {
    await expect(read(content)).rejects.toMatchObject({
      code: 'unchecked',
      message: expect.stringMatching(message),
    });
  });

  test('bytes that are not UTF-8', async () => {
    const line = Buffer.from(output('?'));
    line[line.indexOf('?')] = 0xe9;
    await expect(read(line)).rejects.toMatchObject({ code: 'unchecked' });
  });

  test('the message of an error has no byte of the guest but printable ones', async () => {
    const message = await read('{"event":"\\u001b[2J"}\n').catch((error: Error) => error.message);
    expect(message).toMatch(/^[\x20-\x7e]+$/);
  });
});
