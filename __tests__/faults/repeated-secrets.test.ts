/** Servers that repeat the credentials of a request, and redirects to signed URLs that fail: nothing shows them. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { run } from '../../src/lib/process/run.ts';
import { cli } from '../helpers/cli.ts';
import { type Fault, type FaultyProxy, type SeenRequest, startFaultyProxy } from '../helpers/faulty-proxy.ts';
import { pki } from '../helpers/pki.ts';
import { startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

const PASSWORD = 'pass/word-5c1e!';
const TOKEN = 'opaque0token1of2the3server';
const SIGNATURE = 'c2lnbmVkLXVybA';
const folder = testFolder();
let registry: TestRegistry;
let proxy: FaultyProxy | undefined;

beforeAll(async () => {
  registry = await startRegistry('referrers-api');
  const layout = join(folder, 'layout');
  await writeVectorImage(layout, ['simple-gzip']);
  const argv = ['cp', '--from-oci-layout', `${layout}:vectors`, '--to-plain-http', `${registry.host}/app:1`];
  await run([toolPath('oras'), ...argv], { env: toolEnvironment({ HOME: folder }) });
});
afterAll(() => registry.stop());
afterEach(() => proxy?.stop());

const SECRETS = {
  password: PASSWORD,
  'password in a URL': encodeURIComponent(PASSWORD),
  'value of Basic': Buffer.from(`someone:${PASSWORD}`).toString('base64'),
  token: TOKEN,
  'signature of a URL': SIGNATURE,
};

/** An answer that says what came with the request, as proxies and firewalls do. */
function repeat({ authorization }: SeenRequest): Fault {
  const message = `someone ${PASSWORD} ${encodeURIComponent(PASSWORD)} sent Authorization: ${authorization}`;
  return { status: 403, body: JSON.stringify({ errors: [{ code: 'DENIED', message }] }) };
}

const redirect: Fault = {
  status: 307,
  headers: { location: `http://127.0.0.1:1/blob?se=2026-01-01&sig=${SIGNATURE}&sp=r` },
};
const isBlob = ({ method, path }: SeenRequest): boolean => method === 'GET' && path.includes('/blobs/');

/** What requests with credentials are answered, and with the challenge for the others. */
const CASES: Record<string, { bearer?: true; decide: (request: SeenRequest) => Fault | undefined }> = {
  'by Basic': { decide: (request) => (request.method === 'HEAD' ? undefined : repeat(request)) },
  'by Bearer': {
    bearer: true,
    decide: (request) => (request.method === 'HEAD' ? undefined : repeat(request)),
  },
  'by Basic, without HEAD': {
    decide: (request) => (request.method === 'HEAD' ? { status: 405 } : repeat(request)),
  },
  'by Bearer, without HEAD': {
    bearer: true,
    decide: (request) => (request.method === 'HEAD' ? { status: 405 } : repeat(request)),
  },
  'in the URL of a redirect': { decide: (request) => (isBlob(request) ? redirect : undefined) },
  'in the URL of a redirect, without HEAD': {
    decide: (request) => {
      if (request.method === 'HEAD') return { status: 405 };
      return isBlob(request) ? redirect : undefined;
    },
  },
};

test.each(Object.keys(CASES))('a registry that repeats secrets: %s', async (name) => {
  const { bearer, decide } = CASES[name] as (typeof CASES)[string];
  let answered = 0;
  proxy = await startFaultyProxy(registry.host, (request) => {
    if (request.path.startsWith('/token')) return { status: 200, body: JSON.stringify({ token: TOKEN }) };
    if (request.authorization === undefined) {
      const scheme = bearer ? `Bearer realm="http://${proxy?.host}/token",service="x"` : 'Basic realm="x"';
      return { status: 401, headers: { 'www-authenticate': scheme } };
    }
    const fault = decide(request);
    if (fault !== undefined) answered += 1;
    return fault;
  });
  const login = ['--registry-username', 'someone', '--registry-password', 'env://PASSWORD'];
  const report = join(folder, 'report.json');
  const trusted = ['--trusted-certificate', (await pki()).leaf('p256').caPath];
  for (const command of [
    ['verify', ...trusted],
    ['sign', '--dry-run'],
  ]) {
    rmSync(report, { force: true });
    const argv = [...command, `${proxy.host}/app:1`, '--report', report, '--plain-http', '--timeout', '20s'];
    const { status, stdout, stderr } = await cli([...argv, '--debug', ...login], {
      env: { PASSWORD, HOME: folder },
    });
    expect(status).not.toBe(0);
    const shown = `${stdout}${stderr}${readFileSync(report, 'utf8')}`;
    for (const [what, secret] of Object.entries(SECRETS)) {
      expect({ what, shown: shown.includes(secret) }).toEqual({ what, shown: false });
    }
  }
  expect(answered).toBeGreaterThan(0);
});
