/** Services of keys, and of their logins, that stop answering: each run ends in time, and at a signal. */
import { writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { EXIT_STATUS } from '../../src/errors.ts';
import { type CliResult, cli } from '../helpers/cli.ts';
import { AzureContract, CLIENT, CLIENT_SECRET, TENANT } from '../helpers/kms/azure-contract.ts';
import { type CloudNetwork, startCloudNetwork } from '../helpers/kms/cloud-network.ts';
import { externalAccount, KEY_RING } from '../helpers/kms/google-contract.ts';
import { testFolder } from '../helpers/temp.ts';

const folder = testFolder();
/** Milliseconds: much more than a run takes, and much less than its default `timeout`. */
const PATIENCE = 60_000;
const CONTAINER = 'AWS_CONTAINER_CREDENTIALS_FULL_URI';
const STATIC = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' };
const GOOGLE = `gcpkms://${KEY_RING}/cryptoKeys/any/cryptoKeyVersions/1`;
const AWS = 'awskms:///alias/any';

let network: CloudNetwork;
let server: Server;
let url: string;

beforeAll(async () => {
  const azure = new AzureContract({ 'acme.vault.azure.net': { keys: {}, allowed: [] } }).services();
  network = await startCloudNetwork({
    ...azure,
    'login.microsoftonline.com': (request) =>
      request.path.endsWith('/token')
        ? 'silence'
        : (azure['login.microsoftonline.com']?.(request) ?? 'reset'),
    'oauth2.googleapis.com': () => 'silence',
    'sts.googleapis.com': () => 'stall',
    'pipelines.actions.githubusercontent.com': () => ({ status: 200, json: { value: 'a.b.c' } }),
  });
  server = createServer((request, response) => answer(String(request.url), response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const user = { type: 'authorized_user', client_id: 'id', client_secret: 'secret', refresh_token: 'token' };
  writeFileSync(join(folder, 'user.json'), JSON.stringify(user));
  writeFileSync(join(folder, 'job.json'), JSON.stringify(externalAccount({})));
  writeFileSync(join(folder, 'token'), 'a.b.c');
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await network.stop();
});

/** The path says how: `/silent`, `/drip`, `/endless`, or the head of an answer and nothing more. */
function answer(path: string, response: ServerResponse): void {
  if (path.startsWith('/silent')) return;
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
  response.write('{');
  if (path.startsWith('/drip')) {
    const timer = setInterval(() => response.write(' '), 100);
    response.on('close', () => clearInterval(timer));
  }
  if (path.startsWith('/endless')) {
    const spaces = Buffer.alloc(1024 * 1024, ' ');
    const pour = (): void => {
      while (response.write(spaces));
    };
    response.on('drain', pour);
    pour();
  }
}

interface Service {
  key: string;
  env: () => Record<string, string>;
  message: string;
}

const google = (file: string): Service => ({
  key: GOOGLE,
  env: () => ({ ...network.env, GOOGLE_APPLICATION_CREDENTIALS: join(folder, file) }),
  message: 'the login to Google Cloud was not answered in time',
});
const azure: Service = {
  key: 'azurekms://acme.vault.azure.net/any',
  env: () => ({
    ...network.env,
    ...{ AZURE_TENANT_ID: TENANT, AZURE_CLIENT_ID: CLIENT, AZURE_CLIENT_SECRET: CLIENT_SECRET },
  }),
  message: 'the login to Azure was not answered in time',
};
const aws = (env: () => Record<string, string>): Service => ({
  key: AWS,
  env: () => ({ AWS_REGION: 'eu-central-1', ...env() }),
  message: 'the login to AWS was not answered in time',
});
const webIdentity = {
  AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/signer',
  AWS_WEB_IDENTITY_TOKEN_FILE: join(folder, 'token'),
};

const LOGINS: [string, Service][] = [
  ['Google, the user of gcloud, silent', google('user.json')],
  ['Google, a job of GitHub, an answer without its body', google('job.json')],
  ['Entra ID, a client secret, silent', azure],
  ['AWS, a container, silent', aws(() => ({ [CONTAINER]: `${url}/silent` }))],
  ['AWS, a container, an answer without its body', aws(() => ({ [CONTAINER]: `${url}/stall` }))],
  [
    'AWS, a web identity, an answer without its body',
    aws(() => ({ ...webIdentity, AWS_ENDPOINT_URL_STS: `${url}/stall` })),
  ],
];

const kms = (path: string, message: string): Service => ({
  key: AWS,
  env: () => ({ ...STATIC, AWS_REGION: 'eu-central-1', AWS_ENDPOINT_URL_KMS: `${url}${path}` }),
  message,
});
const ANSWERS: [string, Service][] = [
  ['a body that does not come', kms('/stall', 'the answer was not complete in 1000 ms')],
  ['a body of one byte at a time', kms('/drip', 'the answer was not complete in 1000 ms')],
  ['a body without an end', kms('/endless', 'AWS KMS sent an answer of more than 1 MiB')],
];

/** Runs `csr`, and kills it where it waits much longer than it may. */
async function csr({ key, env }: Service, more: string[], stopAfter?: number): Promise<CliResult> {
  const timers: NodeJS.Timeout[] = [];
  const result = await cli(['csr', '--key', key, '--subject', 'CN=test', ...more], {
    env: env(),
    onStart: (pid) => {
      if (stopAfter !== undefined) timers.push(setTimeout(() => process.kill(pid, 'SIGTERM'), stopAfter));
      timers.push(setTimeout(() => process.kill(pid, 'SIGKILL'), PATIENCE));
    },
  });
  for (const timer of timers) clearTimeout(timer);
  return result;
}

describe.each([
  ['a login', LOGINS],
  ['AWS KMS', ANSWERS],
])('%s', (_, services) => {
  test.each(services)('%s: `timeout` ends the wait', async (_name, service) => {
    const { status, stderr } = await csr(service, ['--timeout', '1s']);
    expect(stderr).toContain(service.message);
    expect(status).toBe(EXIT_STATUS.key);
  });
});

describe('a signal', () => {
  const waiting = [...LOGINS, ...ANSWERS.filter(([, { message }]) => !message.includes('MiB'))];
  test.each(waiting)('%s: ends the wait', async (_name, service) => {
    const { status, stderr } = await csr(service, [], 4000);
    expect(stderr).toContain('stopped by SIGTERM');
    expect(status).toBe(EXIT_STATUS.cancelled);
  });
});
