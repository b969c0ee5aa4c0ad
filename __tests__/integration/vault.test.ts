/** HashiCorp Vault's own core and transit engine over HTTP. */
import { constants, createPublicKey, verify } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { VeritySignError } from '../../src/errors.ts';
import type { PreparedSigner, SignerRequest } from '../../src/model/signing.ts';
import { prepareVault } from '../../src/signatures/signers/kms/vault/vault.ts';
import { withEnvironment } from '../helpers/environment.ts';
import { type Fault, type FaultyProxy, startFaultyProxy } from '../helpers/faulty-proxy.ts';
import { type Certified, certify, ROOT_HASH, signAndVerify } from '../helpers/kms/certified.ts';
import { refusedInChild } from '../helpers/kms/refused-child.ts';
import { startVault, type VaultServer } from '../helpers/kms/vault-server.ts';
import { openssl } from '../helpers/pki.ts';
import { signerRequest } from '../helpers/signer.ts';
import { testFolder } from '../helpers/temp.ts';

const TYPES = [
  ['rsa-2048', 'sha256'],
  ['rsa-3072', 'sha384'],
  ['rsa-4096', 'sha512'],
  ['ecdsa-p256', 'sha256'],
  ['ecdsa-p384', 'sha384'],
  ['ecdsa-p521', 'sha512'],
] as const;
const BOTH = `
path "transit/keys/main" { capabilities = ["read"] }
path "transit/sign/main" { capabilities = ["update"] }`;

const folder = testFolder();
let vault: VaultServer;
let certified: Certified;
let token: string;

beforeAll(async () => {
  vault = await startVault();
  certified = await certifiedKey('main', 'ecdsa-p256');
  token = await vault.createToken(BOTH);
});

afterAll(() => vault.stop());

async function certifiedKey(name: string, type: string): Promise<Certified> {
  const key = await vault.createKey(name, type);
  if (key === undefined) throw new TypeError('no public key');
  return certify(key);
}

interface Setup {
  key?: string;
  /** HOST:PORT */
  host?: string;
  request?: Partial<SignerRequest>;
  env?: Record<string, string>;
}

function prepare({ key = 'main', host = vault.host, request, env = {} }: Setup): Promise<PreparedSigner> {
  const full = signerRequest({ certificates: certified.certificates, ...request });
  const settings = { VAULT_ADDR: `http://${host}`, VAULT_TOKEN: token, HOME: folder, ...env };
  return withEnvironment(['VAULT_', 'TRANSIT_'], settings, () => prepareVault({ kind: 'vault', key }, full));
}

/** What it says when it refuses: one line, without the token. */
async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof VeritySignError)) throw new Error('was not refused', { cause: error });
  expect(error.code).toBe('key');
  for (const text of [error.toLine(), String(error.cause)]) {
    expect(text).not.toContain(token);
    expect(text).not.toContain(vault.rootToken);
  }
  return error.toLine();
}

async function throughProxy<T>(
  decide: (path: string, times: number) => Fault | undefined,
  work: (proxy: FaultyProxy) => Promise<T>,
): Promise<T> {
  const proxy = await startFaultyProxy(vault.host, ({ path, times }) => decide(path, times));
  try {
    return await work(proxy);
  } finally {
    await proxy.stop();
  }
}

function answer(status: number, errors: string[], headers: Record<string, string> = {}): Fault {
  return { status, body: JSON.stringify({ errors }), headers };
}

describe('signatures', () => {
  test.each(TYPES)('%s: PKCS#7 that openssl verifies, and a manifest signature', async (type, digest) => {
    const own = await certifiedKey(type, type);
    const key = await vault.publicKey(type);
    if (key === undefined) throw new TypeError('no public key');
    const request = { certificates: own.certificates, purposes: ['layer', 'manifest'] as const };
    const prepared = await prepare({ key: type, request, env: { VAULT_TOKEN: vault.rootToken } });
    expect(prepared.holder).toBe('vault');
    expect(prepared.spec.digest).toBe(digest);
    expect(prepared.certificateChain).toEqual(own.certificates);
    const signer = await prepared.open();
    await signAndVerify(signer, own);

    const bytes = Buffer.alloc(10_000, 'payload');
    const { scheme, value } = await signer.sign(bytes, 'manifest');
    expect(scheme).toBe(type.startsWith('rsa') ? 'rsa-pss' : 'ecdsa-der');
    const pss = {
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
    };
    expect(verify(digest, bytes, { key, ...(scheme === 'rsa-pss' ? pss : {}) }, value)).toBe(true);
  });

  test('a policy with the two paths is enough; the version stays when the key is rotated', async () => {
    const own = await certifiedKey('rotated', 'ecdsa-p384');
    const rules = BOTH.replaceAll('main', 'rotated');
    const env = { VAULT_TOKEN: await vault.createToken(rules) };
    const request = { certificates: own.certificates };
    const signer = await (await prepare({ key: 'rotated', request, env })).open();
    await vault.call('transit/keys/rotated/rotate', {});
    await signAndVerify(signer, own);
    const line = await refusal(prepare({ key: 'rotated', request, env }));
    expect(line).toContain('does not belong to the first certificate');
  });

  test('the chain that Vault keeps with the key, where no certificate is given', async () => {
    const own = await certifiedKey('with-chain', 'rsa-2048');
    await vault.call('transit/keys/with-chain/set-certificate', { certificate_chain: own.pem });
    const env = { VAULT_TOKEN: vault.rootToken };
    const prepared = await prepare({ key: 'with-chain', request: { certificates: undefined }, env });
    expect(prepared.certificateChain).toEqual(own.certificates);
    await signAndVerify(await prepared.open(), own);

    const without = prepare({ request: { certificates: undefined } });
    await expect(without).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('`certificate`'),
    });
  });

  test('the token from the captured environment and from the file of vault login', async () => {
    const captured = await prepare({
      env: { VAULT_TOKEN: 'other' },
      request: { env: { VAULT_TOKEN: token } },
    });
    await signAndVerify(await captured.open(), certified);
    await writeFile(join(folder, '.vault-token'), `${token}\n`);
    const env = { VAULT_ADDR: `http://${vault.host}`, HOME: folder };
    expect(await refusedInChild('hashivault://main', certified.pem, env)).toBe('prepared\n');
    const nobody = { ...env, HOME: '/nonexistent' };
    expect(await refusedInChild('hashivault://main', certified.pem, nobody)).toContain('no Vault token');
  });

  test('an engine that is mounted elsewhere', async () => {
    await vault.call('sys/mounts/teams/release', { type: 'transit' });
    await vault.call('teams/release/keys/k', { type: 'ecdsa-p256' });
    const { keys } = (await vault.call('teams/release/keys/k')) as { keys: { '1': { public_key: string } } };
    const own = await certify(createPublicKey(keys['1'].public_key));
    const prepared = await prepare({
      key: 'k',
      request: { certificates: own.certificates },
      env: { TRANSIT_SECRET_ENGINE_PATH: '/teams/release/', VAULT_TOKEN: vault.rootToken },
    });
    await signAndVerify(await prepared.open(), own);
  });

  test('many at once', async () => {
    const signer = await (await prepare({})).open();
    const signed = await Promise.all(
      Array.from({ length: 40 }, (_, index) => signer.sign(Buffer.from(`${ROOT_HASH}${index}`), 'layer')),
    );
    expect(new Set(signed.map(({ value }) => Buffer.from(value).toString('hex'))).size).toBe(40);
  });
});

describe('keys and settings that do not do', () => {
  test.each(['ed25519', 'aes256-gcm96', 'hmac'])('a key of type %s', async (type) => {
    await vault.call(`transit/keys/${type}`, { type, ...(type === 'hmac' && { key_size: 32 }) });
    const line = await refusal(prepare({ key: type, env: { VAULT_TOKEN: vault.rootToken } }));
    expect(line).toContain(`of type ${type} cannot sign layers`);
    expect(line).toContain('rsa-2048');
  });

  test('no such key, no such engine', async () => {
    const env = { VAULT_TOKEN: vault.rootToken };
    expect(await refusal(prepare({ key: 'nothing', env }))).toContain('no transit key nothing at transit');
    const elsewhere = { ...env, TRANSIT_SECRET_ENGINE_PATH: 'other' };
    const line = await refusal(prepare({ env: elsewhere }));
    expect(line).toContain('no transit key main at other');
    expect(line).toContain('TRANSIT_SECRET_ENGINE_PATH');
  });

  test.each([
    [{ VAULT_ADDR: '' }, 'VAULT_ADDR is not set'],
    [{ VAULT_ADDR: 'vault.example' }, 'not the URL'],
    [{ VAULT_ADDR: 'file:///etc/passwd' }, 'not the URL'],
    [{ VAULT_ADDR: 'https://user:word@vault.example' }, 'may have only scheme'],
    [{ VAULT_TOKEN: 'two\nlines' }, 'not a single word'],
    [{ VAULT_NAMESPACE: 'té€' }, 'VAULT_NAMESPACE is not a path of printable ASCII characters'],
    [{ VAULT_NAMESPACE: 'team\nx-other: y' }, 'VAULT_NAMESPACE is not a path of printable ASCII characters'],
    [{ VAULT_CACERT: '/nonexistent.pem' }, 'VAULT_CACERT'],
  ])('%j', async (env, words) => {
    expect(await refusal(prepare({ env }))).toContain(words);
  });
});

describe('fault 52: access', () => {
  test('the policy lacks a path: it is named, before anything is signed', async () => {
    const blind = {
      VAULT_TOKEN: await vault.createToken('path "transit/sign/main" { capabilities = ["update"] }'),
    };
    expect(await refusal(prepare({ env: blind }))).toContain(
      'Add to a policy of the token: path "transit/keys/main" { capabilities = ["read"] }',
    );
    const mute = {
      VAULT_TOKEN: await vault.createToken('path "transit/keys/main" { capabilities = ["read"] }'),
    };
    expect(await refusal(prepare({ env: mute }))).toContain(
      'Add to a policy of the token: path "transit/sign/main" { capabilities = ["update"] }',
    );
  });

  test('a valid token that may not look itself up: the missing capability is named', async () => {
    await vault.call('sys/policies/acl/bare', {
      policy: 'path "transit/sign/main" { capabilities = ["update"] }',
    });
    const { client_token: bare } = await vault.call('auth/token/create', {
      policies: ['bare'],
      no_default_policy: true,
    });
    const line = await refusal(prepare({ env: { VAULT_TOKEN: String(bare) } }));
    expect(line).toContain('lacks the capability read on transit/keys/main');
    expect(line).toContain('If a policy has it already, the token has expired or was revoked');
    expect(line).not.toContain(String(bare));
  });

  test('the policy is taken away during the run', async () => {
    await vault.call('sys/policies/acl/fleeting', { policy: BOTH });
    const { client_token: fleeting } = await vault.call('auth/token/create', { policies: ['fleeting'] });
    const signer = await (await prepare({ env: { VAULT_TOKEN: String(fleeting) } })).open();
    await vault.call('sys/policies/acl/fleeting', undefined, 'DELETE');
    const line = await refusal(signer.sign(Buffer.from(ROOT_HASH), 'layer'));
    expect(line).toContain('lacks the capability update on transit/sign/main');
  });

  test('no such token, or one that expires during the run', async () => {
    expect(await refusal(prepare({ env: { VAULT_TOKEN: 'hvs.made-up' } }))).toContain(
      'does not accept the token',
    );
    const short = await vault.createToken(BOTH, '1s');
    const signer = await (await prepare({ env: { VAULT_TOKEN: short } })).open();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const line = await refusal(signer.sign(Buffer.from(ROOT_HASH), 'layer'));
    expect(line).toContain('has expired');
    expect(line).toContain('VAULT_TOKEN');
    expect(line).not.toContain(short);
  });
});

describe('fault 51: throttling', () => {
  test("Vault's own quota: signatures come all the same", async () => {
    await vault.call('sys/quotas/rate-limit/signing', { path: 'transit/', rate: 5, interval: '1s' });
    try {
      const signer = await (await prepare({})).open();
      const signed = await Promise.all(
        Array.from({ length: 12 }, (_, index) => signer.sign(Buffer.from(`${index}`), 'layer')),
      );
      expect(signed).toHaveLength(12);
    } finally {
      await vault.call('sys/quotas/rate-limit/signing', undefined, 'DELETE');
    }
  });

  test('it waits as long as it is told', async () => {
    await throughProxy(
      (path, times) =>
        path.includes('/sign/') && times <= 2 ? answer(429, ['too many'], { 'retry-after': '1' }) : undefined,
      async ({ host, requests }) => {
        const signer = await (await prepare({ host })).open();
        const start = performance.now();
        await signAndVerify(signer, certified);
        expect(performance.now() - start).toBeGreaterThan(1990);
        expect(requests.filter(({ path }) => path.includes('/sign/'))).toHaveLength(3);
      },
    );
  });

  test('it stays: six requests, then the error', async () => {
    await throughProxy(
      () =>
        answer(429, ['request path "transit/keys/main": rate limit quota exceeded'], { 'retry-after': '0' }),
      async ({ host, requests }) => {
        const line = await refusal(prepare({ host }));
        expect(line).toContain('limits the rate');
        expect(line).toContain('quota exceeded');
        expect(requests).toHaveLength(6);
      },
    );
  });

  test('a replica that lags behind, which answers 412, is asked again', async () => {
    await throughProxy(
      (path, times) =>
        path.includes('/keys/') && times === 1
          ? answer(412, ['required index state not present'], { 'retry-after': '0' })
          : undefined,
      async ({ host }) => {
        await signAndVerify(await (await prepare({ host })).open(), certified);
      },
    );
  });

  test('failures that pass: 502, a reset', async () => {
    await throughProxy(
      (path, times) => {
        if (!path.includes('/keys/')) return undefined;
        return times === 1
          ? { status: 502, body: '<html>bad gateway</html>' }
          : times === 2
            ? 'reset'
            : undefined;
      },
      async ({ host }) => {
        await signAndVerify(await (await prepare({ host })).open(), certified);
      },
    );
  });
});

describe('the network', () => {
  test('a redirect is not followed: the token goes nowhere else', async () => {
    let asked = 0;
    const other = createServer((_request, response) => {
      asked++;
      response.end('{}');
    });
    await new Promise<void>((resolve) => {
      other.listen(0, '127.0.0.1', resolve);
    });
    const { port } = other.address() as AddressInfo;
    const location = `http://127.0.0.1:${port}/v1/transit/keys/main`;
    try {
      await throughProxy(
        () => ({ status: 307, headers: { location } }),
        async ({ host }) => {
          const line = await refusal(prepare({ host }));
          expect(line).toContain(`redirects to http://127.0.0.1:${port}`);
        },
      );
      expect(asked).toBe(0);
    } finally {
      other.close();
    }
  });

  test('the namespace goes along, and the token as a header only', async () => {
    const seen: IncomingMessage[] = [];
    const server = createServer((request, response) => {
      seen.push(request);
      response.writeHead(404).end('{"errors":[]}');
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    try {
      await refusal(
        prepare({ host: `127.0.0.1:${port}/behind/proxy/`, env: { VAULT_NAMESPACE: 'teams/a' } }),
      );
    } finally {
      server.close();
    }
    expect(seen).toHaveLength(1);
    expect(seen[0]?.url).toBe('/behind/proxy/v1/transit/keys/main');
    expect(seen[0]?.headers).toMatchObject({
      'x-vault-token': token,
      'x-vault-namespace': 'teams/a',
      'x-vault-request': 'true',
    });
  });

  test('fault 53: an answer that repeats the token is not passed on', async () => {
    await throughProxy(
      () => answer(400, [`${'x'.repeat(280)} bad token ${token}`]),
      async ({ host }) => {
        const line = await refusal(prepare({ host }));
        expect(line).toContain('HTTP 400');
        expect(line).not.toContain(token.slice(0, 12));
      },
    );
  });

  test('nobody there', async () => {
    const line = await refusal(prepare({ host: '127.0.0.1:9' }));
    expect(line).toContain('cannot be reached');
    expect(line).toContain('ECONNREFUSED');
  });

  test('no answer; and a cancelled run', async () => {
    await throughProxy(
      () => 'silence',
      async ({ host, requests }) => {
        expect(await refusal(prepare({ host, request: { timeout: 200 } }))).toContain(
          'did not answer in 200 ms',
        );
        expect(requests).toHaveLength(1);
        const abort = new AbortController();
        const preparing = prepare({ host, request: { signal: abort.signal } });
        setTimeout(() => abort.abort(new Error('stopped by a signal')), 100);
        await expect(preparing).rejects.toThrow('stopped by a signal');
      },
    );
  });

  test.each([
    ['no JSON', 'hello'],
    ['another service', '{"data":{"type":"kv"}}'],
    ['more than 1 MiB', `"${'x'.repeat(1_100_000)}"`],
  ])('an answer that is %s', async (_what, body) => {
    await throughProxy(
      () => ({ status: 200, body }),
      async ({ host }) => {
        expect(await refusal(prepare({ host }))).toMatch(/not come from a transit engine|1 MiB/);
      },
    );
  });

  test('a signature of another version, or damaged on the way', async () => {
    for (const change of [/vault:v1:/, /"vault:v1:..../]) {
      await throughProxy(
        (path) =>
          path.includes('/sign/')
            ? { change: (body) => Buffer.from(body.toString().replace(change, '"vault:v2:')) }
            : undefined,
        async ({ host }) => {
          const signer = await (await prepare({ host })).open();
          const line = await refusal(signer.sign(Buffer.from(ROOT_HASH), 'layer'));
          expect(line).toContain('its own key does not verify');
        },
      );
    }
  });

  test('TLS: an unknown CA is refused, VAULT_CACERT makes it known; HTTPS_PROXY', async () => {
    const [cert, key] = [join(folder, 'tls.pem'), join(folder, 'tls.key')];
    await openssl(
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30'],
        ...['-subj', '/CN=vault', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert],
      ],
      folder,
    );
    const server = await startVault({ cert, key });
    try {
      const env = { VAULT_ADDR: `https://${server.host}`, VAULT_TOKEN: server.rootToken };
      const line = await refusal(prepare({ env }));
      expect(line).toContain('is not trusted');
      expect(line).toContain('VAULT_CACERT');
      const trusting = { ...env, VAULT_CACERT: cert };
      expect(await refusal(prepare({ env: trusting }))).toContain('no transit key main');

      const tunnels: string[] = [];
      const proxy = createServer().on('connect', (request, client) => {
        tunnels.push(request.url ?? '');
        const onward = connect(Number(server.host.split(':')[1]), '127.0.0.1', () => {
          client.write('HTTP/1.1 200 Connection established\r\n\r\n');
          onward.pipe(client).pipe(onward);
        });
        for (const one of [client, onward]) one.on('error', () => undefined);
      });
      await new Promise<void>((resolve) => {
        proxy.listen(0, '127.0.0.1', resolve);
      });
      const HTTPS_PROXY = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
      expect(await refusal(prepare({ env: { ...trusting, HTTPS_PROXY } }))).toContain('no transit key main');
      expect(tunnels).toEqual([server.host]);
      proxy.close();
      proxy.closeAllConnections();
    } finally {
      await server.stop();
    }
  });
});

test('sealed: it says so, and does not wait', async () => {
  const own = await startVault();
  try {
    await own.call('sys/seal', {});
    const env = { VAULT_TOKEN: own.rootToken };
    const line = await refusal(prepare({ host: own.host, env }));
    expect(line).toContain('Vault is sealed');
  } finally {
    await own.stop();
  }
});
