import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { fromFirst } from '../../../scripts/tools/image/parts.ts';
import { testFolder } from '../../helpers/temp.ts';

const folder = testFolder();
const target = join(folder, 'package.deb');
const bytes = Buffer.from('a package');
const file = {
  package: 'example',
  path: 'pool/main/e/example/example_1_all.deb',
  sha256: createHash('sha256').update(bytes).digest('hex'),
};
let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === `/changed/${file.path}`) response.end('another package');
    else if (request.url === `/snapshot/${file.path}`) response.end(bytes);
    else response.writeHead(404).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
});

test.each(['newer', 'changed'])(
  'a package that is %s on the mirror comes from the snapshot',
  async (mirror) => {
    await fromFirst([`${url}/${mirror}/`, `${url}/snapshot`], file, target);
    expect(readFileSync(target)).toEqual(bytes);
  },
);

test('a package that no archive has is an error that names it, every answer and what to do', async () => {
  await expect(fromFirst([`${url}/newer`, `${url}/changed`], file, target)).rejects.toMatchObject({
    code: 'environment',
    message: expect.stringMatching(/^example could not be fetched: .*answered 404; .*pinned is/),
    remedy: expect.stringContaining('DEBIAN_MIRROR'),
  });
});
