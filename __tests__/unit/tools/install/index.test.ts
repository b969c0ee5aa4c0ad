import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Logger, silentLogger } from '../../../../src/logger.ts';
import { installTools } from '../../../../src/tools/install/index.ts';
import { testFolder } from '../../../helpers/temp.ts';

const folder = testFolder();
const before = { ...process.env };
beforeEach(() => {
  // Nothing is on PATH, in a cache, or at the URL.
  Object.assign(process.env, { PATH: folder, RUNNER_TEMP: folder });
  delete process.env.RUNNER_TOOL_CACHE;
});
afterEach(() => {
  for (const name of ['PATH', 'RUNNER_TEMP', 'RUNNER_TOOL_CACHE']) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
});

test('each step is logged when it begins, outside of groups, which appear when they end', async () => {
  const lines: string[] = [];
  const log: Logger = {
    ...silentLogger,
    info: (line) => lines.push(line),
    group: () => Promise.reject(new TypeError('a group')),
  };
  const oras = {
    version: '1.3.3',
    sha256: 'a'.repeat(64),
    url: `file://${folder}/none.tar.gz`,
    check: async () => {
      expect(lines).toEqual([]);
      return { text: '1.3.3' };
    },
  };
  const context = { log, signal: new AbortController().signal };
  await expect(installTools({ oras }, context)).rejects.toThrow('cannot download oras 1.3.3');
  expect(lines).toEqual([`Downloading file://${folder}/none.tar.gz`]);
  expect(await installTools({}, context)).toEqual({});
});

test('a temporary folder of the runner that is not there is named', async () => {
  process.env.RUNNER_TEMP = `${folder}/none`;
  const oras = { version: '1.3.3', check: async () => ({ text: '1.3.3' }) };
  const context = { log: silentLogger, signal: new AbortController().signal };
  await expect(installTools({ oras }, context)).rejects.toMatchObject({
    code: 'environment',
    message: `RUNNER_TEMP: no folder can be created in ${folder}/none (ENOENT)`,
  });
});
