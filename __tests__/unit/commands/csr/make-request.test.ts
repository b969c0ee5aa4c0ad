import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { makeRequest } from '../../../../src/commands/csr/make-request.ts';
import { runContext } from '../../../../src/frontend/run-context.ts';
import { silentLogger } from '../../../../src/logger.ts';
import { testFolder } from '../../../helpers/temp.ts';

const folder = testFolder();

test.each(['at once', 'in the next turn'])(
  'an abort while the key signs, %s: no certificate',
  async (when) => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const key = join(folder, 'key.pem');
    writeFileSync(key, privateKey.export({ format: 'pem', type: 'pkcs8' }));
    const controller = new AbortController();
    const stop = (): void => controller.abort(new Error('stopped'));
    const context = runContext(silentLogger, controller.signal, {});
    const { now } = context;
    // Asked for once the key is open.
    Object.defineProperty(context, 'now', {
      get: () => {
        if (when === 'at once') stop();
        else setImmediate(stop);
        return now;
      },
    });
    const options = { key, subject: 'CN=test', selfSignedDays: 1, pluginConfig: {}, timeout: 60_000 };
    await expect(makeRequest(options, context)).rejects.toThrow('stopped');
  },
);
