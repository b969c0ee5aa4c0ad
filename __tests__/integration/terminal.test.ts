import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ERASE_LINE } from '../../src/frontend/output/stream-guard.ts';
import { textWidth } from '../../src/frontend/render/text-width.ts';
import { cliOk } from '../helpers/cli.ts';
import { ImageWriter } from '../helpers/image-writer.ts';
import { pki } from '../helpers/pki.ts';
import { onTerminal } from '../helpers/pseudo-terminal.ts';
import { rawTar } from '../helpers/raw-tar.ts';
import { testFolder } from '../helpers/temp.ts';

const folder = testFolder();
const WIDTHS = [40, 80, 103, 160];
/** Bytes: long enough for progress, whose redraws the test of the console counts by a clock of its own. */
const LARGE = 96 * 1024 * 1024;
let images: ImageWriter;
let certificate: string;

beforeAll(async () => {
  images = await ImageWriter.create();
  const small = rawTar({ name: 'etc/motd', data: Buffer.from('hello\n') });
  const large = rawTar({ name: 'srv/random', data: randomBytes(LARGE) });
  await images.add(await images.image({ layers: [{ bytes: small }] }), 'small');
  await images.add(await images.image({ layers: [{ bytes: large }] }), 'large');
  const { keyPath, chainPath, caPath } = (await pki()).leaf('p256');
  certificate = caPath;
  await cliOk(['sign', `oci:${images.directory}:small`, '--key', keyPath, '--certificate', chainPath]);
});
afterAll(() => images.remove());

/** Lines as the terminal shows them in the end: what was erased is gone. */
function shown(screen: string): string[] {
  return screen
    .split('\r\n')
    .map((line) => line.split(ERASE_LINE).at(-1) ?? '')
    .filter((line) => line !== '');
}

test.each(WIDTHS)('progress on %i columns stays on one line, and nothing is left of it', async (columns) => {
  const args = ['root-hash', '--temp-dir', folder, `oci:${images.directory}:large`];
  const { status, screen } = await onTerminal(columns, args, { cwd: folder });
  expect(status).toBe(0);
  const drawn = screen.split(ERASE_LINE).slice(1, -1);
  expect(drawn.length).toBeGreaterThan(0);
  for (const line of drawn) {
    expect(line).toMatch(/^layer 0.*: \d+ % of 101 MB$/);
    expect(textWidth(line)).toBeLessThan(columns);
  }
  expect(shown(screen).join('\n')).not.toContain(' % of ');
});

test.each(WIDTHS)('tables on %i columns fit', async (columns) => {
  const image = `oci:${images.directory}:small`;
  for (const args of [
    ['verify', image, '--trusted-certificate', certificate],
    ['inspect', image],
    ['root-hash', image],
  ]) {
    const { status, screen } = await onTerminal(columns, args, { cwd: folder });
    expect({ args, status }).toEqual({ args, status: 0 });
    const lines = shown(screen);
    // Messages on standard error may be longer: a terminal wraps them where it likes.
    const table = lines.slice(lines.findIndex((line) => /^(image|source|oci:)/.test(line)));
    expect(table.length).toBeGreaterThan(1);
    for (const line of table) expect(textWidth(line)).toBeLessThanOrEqual(columns);
  }
});

test('COLUMNS counts more than the terminal, and no terminal means complete lines', async () => {
  const image = `oci:${images.directory}:small`;
  const { stdout } = await cliOk(['inspect', image]);
  const [, digest = ''] = /^ +entry 0 +(sha256:[0-9a-f]{64})/m.exec(stdout) ?? [];
  const narrow = await onTerminal(160, ['inspect', image], { cwd: folder, env: { COLUMNS: '80' } });
  expect(narrow.screen).toContain(`${digest.slice(0, 19)}…`);
  expect(narrow.screen).not.toContain(digest);
  const env = { COLUMNS: '80' };
  expect((await cliOk(['inspect', image], { env })).stdout).toContain(`${digest.slice(0, 19)}…`);
});

test('a failure does not stand in the line of the progress', async () => {
  const args = ['root-hash', '--max-layer-size', '80MiB', `oci:${images.directory}:large`];
  const { status, screen } = await onTerminal(80, [...args, '--temp-dir', folder], { cwd: folder });
  expect(status).not.toBe(0);
  expect(shown(screen).filter((line) => line.includes('verity-sign: '))).toEqual([
    expect.stringMatching(/^verity-sign: /),
  ]);
});

test('a terminal of a CI system gets no line that is drawn again', async () => {
  const args = ['root-hash', '--temp-dir', folder, `oci:${images.directory}:large`];
  const { status, screen } = await onTerminal(80, args, { cwd: folder, env: { CI: 'true' } });
  expect(status).toBe(0);
  expect(screen).not.toContain('\u001b');
});
