/** AWS KMS: moto's server over HTTP, the real SDK. */
import { constants, verify } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DisableKeyCommand, type KeySpec, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { VeritySignError } from '../../src/errors.ts';
import type { PreparedSigner, SignerRequest } from '../../src/model/signing.ts';
import { prepareAwsKms } from '../../src/signatures/signers/kms/aws/aws-kms.ts';
import { withEnvironment } from '../helpers/environment.ts';
import { type Fault, type FaultyProxy, startFaultyProxy } from '../helpers/faulty-proxy.ts';
import { type Certified, certify, ROOT_HASH, signAndVerify } from '../helpers/kms/certified.ts';
import { CREDENTIALS, type Moto, type MotoKey, REGION, startMoto } from '../helpers/kms/moto.ts';
import { refusedInChild } from '../helpers/kms/refused-child.ts';
import { signerRequest } from '../helpers/signer.ts';

const SPECS: [KeySpec, string][] = [
  ['RSA_2048', 'sha256'],
  ['RSA_3072', 'sha384'],
  ['RSA_4096', 'sha512'],
  ['ECC_NIST_P256', 'sha256'],
  ['ECC_NIST_P384', 'sha384'],
  ['ECC_NIST_P521', 'sha512'],
];
const NOWHERE = {
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/nonexistent/config',
  AWS_SHARED_CREDENTIALS_FILE: '/nonexistent/credentials',
};
const SETTINGS = { ...NOWHERE, ...CREDENTIALS, AWS_REGION: REGION };

let moto: Moto;
let p256: MotoKey;
let certified: Certified;

beforeAll(async () => {
  moto = await startMoto();
  p256 = await moto.createKey('ECC_NIST_P256');
  certified = await certified256();
});

afterAll(() => moto.stop());

function certified256(): Promise<Certified> {
  if (p256.publicKey === undefined) throw new TypeError('no public key');
  return certify(p256.publicKey);
}

interface Setup {
  keyId?: string;
  endpoint?: string | undefined;
  request?: Partial<SignerRequest>;
  env?: Record<string, string>;
}

function prepare({ keyId = p256.alias, endpoint = moto.host, request, env }: Setup): Promise<PreparedSigner> {
  const reference = { kind: 'aws-kms', keyId, ...(endpoint !== '' && { endpoint }) } as const;
  const full = signerRequest({ certificates: certified.certificates, ...request });
  return withEnvironment(['AWS_'], env ?? SETTINGS, () => prepareAwsKms(reference, full));
}

/** What it says when it refuses: one line, without any secret. */
async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof VeritySignError)) throw new Error('was not refused', { cause: error });
  expect(error.code).toBe('key');
  for (const text of [error.toLine(), String(error.cause)]) {
    expect(text).not.toContain(CREDENTIALS.AWS_SECRET_ACCESS_KEY);
    expect(text).not.toContain(CREDENTIALS.AWS_SESSION_TOKEN);
  }
  return error.toLine();
}

/** Prepares and signs through a proxy that answers instead of KMS where `decide` says so. */
async function throughProxy<T>(
  decide: (count: number) => Fault | undefined,
  work: (proxy: FaultyProxy) => Promise<T>,
): Promise<T> {
  const proxy = await startFaultyProxy(moto.host, ({ times }) => decide(times));
  try {
    return await work(proxy);
  } finally {
    await proxy.stop();
  }
}

/** An error as KMS writes it. [AWS JSON 1.1 protocol] */
function kmsError(type: string, message: string, status = 400): Extract<Fault, { status: number }> {
  return {
    status,
    body: JSON.stringify({ __type: type, message }),
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': type },
  };
}

describe('signatures', () => {
  test.each(SPECS)('%s: PKCS#7 that openssl verifies, and a manifest signature', async (spec, digest) => {
    const key = await moto.createKey(spec);
    if (key.publicKey === undefined) throw new TypeError('no public key');
    const own = await certify(key.publicKey);
    const request = { certificates: own.certificates, purposes: ['layer', 'manifest'] as const };
    const prepared = await prepare({ keyId: key.alias, request });
    expect(prepared.holder).toBe('aws-kms');
    expect(prepared.certificateChain).toEqual(own.certificates);
    expect(prepared.spec.digest).toBe(digest);
    const signer = await prepared.open();
    await signAndVerify(signer, own);

    // Longer than the 4096 bytes that KMS itself would hash.
    const bytes = Buffer.alloc(10_000, 'payload');
    const { scheme, value } = await signer.sign(bytes, 'manifest');
    expect(scheme).toBe(spec.startsWith('RSA') ? 'rsa-pss' : 'ecdsa-der');
    const pss = {
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
    };
    const how = scheme === 'rsa-pss' ? pss : {};
    expect(verify(digest, bytes, { key: key.publicKey, ...how }, value)).toBe(true);
  });

  test('a key by its id, its ARN and the ARN of its alias; the region in an ARN wins', async () => {
    const aliasArn = p256.arn.replace(/key\/.*/, p256.alias);
    for (const keyId of [p256.id, p256.arn, aliasArn]) {
      const elsewhere = keyId.startsWith('arn:') ? { AWS_REGION: 'us-west-2' } : {};
      const prepared = await prepare({ keyId, env: { ...SETTINGS, ...elsewhere } });
      await signAndVerify(await prepared.open(), certified);
    }
  });

  test.each(['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_KMS'])('the endpoint from %s', async (name) => {
    const prepared = await prepare({ endpoint: '', env: { ...SETTINGS, [name]: `http://${moto.host}` } });
    await signAndVerify(await prepared.open(), certified);
  });

  test('credentials that were taken out of the environment at start', async () => {
    const env = { ...NOWHERE, AWS_REGION: REGION };
    const prepared = await prepare({ env, request: { env: CREDENTIALS } });
    await signAndVerify(await prepared.open(), certified);
  });

  test('many at once', async () => {
    const signer = await (await prepare({})).open();
    const signed = await Promise.all(
      Array.from({ length: 40 }, (_, index) => signer.sign(Buffer.from(`${ROOT_HASH}${index}`), 'layer')),
    );
    expect(new Set(signed.map(({ value }) => Buffer.from(value).toString('hex'))).size).toBe(40);
  });
});

describe('keys that do not do', () => {
  test('fault 42: the certificate of another key', async () => {
    const other = await moto.createKey('ECC_NIST_P256');
    const line = await refusal(prepare({ keyId: other.id }));
    expect(line).toContain('does not belong to the first certificate');
  });

  test('no certificate', async () => {
    const error = await prepare({ request: { certificates: undefined } }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'usage', message: expect.stringContaining('`certificate`') });
  });

  test('a key for encryption', async () => {
    const { id } = await moto.createKey('RSA_2048', 'ENCRYPT_DECRYPT');
    const line = await refusal(prepare({ keyId: id }));
    expect(line).toContain('ENCRYPT_DECRYPT');
    expect(line).toContain('SIGN_VERIFY');
  });

  test('a curve that no kernel has', async () => {
    const { id } = await moto.createKey('ECC_SECG_P256K1');
    expect(await refusal(prepare({ keyId: id }))).toContain('secp256k1');
  });

  test('no such key, alias, or key in this region', async () => {
    expect(await refusal(prepare({ keyId: 'alias/nothing' }))).toMatch(
      /has no key alias\/nothing in eu-central-1/,
    );
    const line = await refusal(prepare({ keyId: p256.id, env: { ...SETTINGS, AWS_REGION: 'us-west-2' } }));
    expect(line).toContain('us-west-2');
    expect(line).toContain('AWS_REGION');
  });

  test('disabled, or about to be deleted: also when that happens during the run', async () => {
    const { id, publicKey } = await moto.createKey('ECC_NIST_P384');
    if (publicKey === undefined) throw new TypeError('no public key');
    const { certificates } = await certify(publicKey);
    const prepared = await prepare({ keyId: id, request: { certificates } });
    await moto.admin.send(new DisableKeyCommand({ KeyId: id }));
    const signer = await prepared.open();
    expect(await refusal(signer.sign(Buffer.from(ROOT_HASH), 'layer'))).toContain('is disabled');
    expect(await refusal(prepare({ keyId: id, request: { certificates } }))).toContain('is disabled');
    await moto.admin.send(new ScheduleKeyDeletionCommand({ KeyId: id }));
    const line = await refusal(prepare({ keyId: id, request: { certificates } }));
    expect(line).toContain('pending deletion');
  });
});

describe('fault 51: throttling', () => {
  const throttled = kmsError('ThrottlingException', 'Rate exceeded');

  test('passes: GetPublicKey and Sign are repeated', async () => {
    await throughProxy(
      (count) => ([1, 2, 5, 6].includes(count) ? throttled : undefined),
      async ({ host, requests }) => {
        const prepared = await prepare({ endpoint: host });
        await signAndVerify(await prepared.open(), certified);
        expect(requests).toHaveLength(7);
      },
    );
  });

  test('stays: five requests, then the error', async () => {
    await throughProxy(
      () => throttled,
      async ({ host, requests }) => {
        const line = await refusal(prepare({ endpoint: host }));
        expect(line).toContain('after 5 attempts');
        expect(line).toContain('`concurrency`');
        expect(requests).toHaveLength(5);
      },
    );
  });

  test('a failure of the service and a reset connection are repeated too', async () => {
    await throughProxy(
      (count) =>
        count === 1 ? kmsError('KMSInternalException', '', 500) : count === 2 ? 'reset' : undefined,
      async ({ host }) => {
        const prepared = await prepare({ endpoint: host });
        await signAndVerify(await prepared.open(), certified);
      },
    );
  });
});

describe('fault 52: access', () => {
  test('denied by IAM: the missing permission and the key are named', async () => {
    const strict = await startMoto();
    try {
      const key = await strict.createKey('ECC_NIST_P256');
      if (key.publicKey === undefined) throw new TypeError('no public key');
      const { certificates } = await certify(key.publicKey);
      const tryAs = async (actions: string[]): Promise<string> => {
        const user = await strict.enforce(actions);
        const env = { ...NOWHERE, ...user, AWS_REGION: REGION };
        const setup = { keyId: key.id, endpoint: strict.host, request: { certificates }, env };
        return refusal(prepare(setup)).finally(() =>
          fetch(`http://${strict.host}/moto-api/reset-auth`, { method: 'POST', body: '1000' }),
        );
      };
      const blind = await tryAs([]);
      expect(blind).toContain(`does not allow kms:GetPublicKey on the key ${key.id}`);
      const mute = await tryAs(['kms:GetPublicKey']);
      expect(mute).toContain(`does not allow kms:Sign on the key ${key.id}`);
      expect(mute).toContain('user-1');
      expect(mute).toContain('Allow kms:Sign');

      const wrong = { ...NOWHERE, ...CREDENTIALS, AWS_REGION: REGION };
      await fetch(`http://${strict.host}/moto-api/reset-auth`, { method: 'POST', body: '0' });
      const setup = { keyId: key.id, endpoint: strict.host, request: { certificates }, env: wrong };
      expect(await refusal(prepare(setup))).toContain('does not accept the credentials');
    } finally {
      await strict.stop();
    }
  });

  test('denied as KMS itself words it', async () => {
    const said =
      'User: arn:aws:sts::123456789012:assumed-role/ci/run is not authorized to perform: kms:Sign on this resource because no resource-based policy allows the kms:Sign action';
    await throughProxy(
      (count) => (count > 1 ? kmsError('AccessDeniedException', said) : undefined),
      async ({ host }) => {
        const line = await refusal(prepare({ endpoint: host }));
        expect(line).toContain(`does not allow kms:Sign on the key ${p256.alias}`);
        expect(line).toContain('assumed-role/ci/run');
      },
    );
  });

  test('credentials expire during the run', async () => {
    await throughProxy(
      (count) => (count > 2 ? kmsError('ExpiredTokenException', 'The security token is expired') : undefined),
      async ({ host, requests }) => {
        const signer = await (await prepare({ endpoint: host })).open();
        const line = await refusal(signer.sign(Buffer.from(ROOT_HASH), 'layer'));
        expect(line).toContain('have expired');
        expect(line).toContain('aws-actions/configure-aws-credentials');
        expect(line).toContain('id-token: write');
        expect(requests).toHaveLength(3);
      },
    );
  });

  test('no credentials, no region, no token file', async () => {
    const nobody = await refusal(prepare({ env: { ...NOWHERE, AWS_REGION: REGION } }));
    expect(nobody).toContain('there are no AWS credentials');
    expect(nobody).toContain('id-token: write');
    const nowhere = await refusal(prepare({ env: { ...NOWHERE, ...CREDENTIALS } }));
    expect(nowhere).toContain('no AWS region');
    expect(nowhere).toContain('AWS_REGION');
    const identity = {
      ...{ ...NOWHERE, AWS_REGION: REGION, AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/ci' },
      AWS_WEB_IDENTITY_TOKEN_FILE: '/nonexistent/token',
    };
    expect(await refusal(prepare({ env: identity }))).toContain('/nonexistent/token');
  });

  test('fault 53: an answer that quotes the session token is not passed on', async () => {
    const said = `The request signature we calculated does not match. The Canonical String for this request should have been 'POST x-amz-security-token:${CREDENTIALS.AWS_SESSION_TOKEN}'`;
    await throughProxy(
      () => kmsError('InvalidSignatureException', said),
      async ({ host }) => {
        expect(await refusal(prepare({ endpoint: host }))).toContain('InvalidSignatureException');
      },
    );
  });

  test('fault 53: nor is the session token or the Authorization header in any other answer', async () => {
    const said = (headers: IncomingHttpHeaders) =>
      `arn is odd: ${headers['x-amz-security-token']} | ${headers.authorization}`;
    for (const type of ['DisabledException', 'ValidationException', 'AccessDeniedException']) {
      const echo = createServer((request, response) => {
        const { status, body, headers } = kmsError(type, said(request.headers));
        response.writeHead(status, headers).end(body);
      });
      await new Promise<void>((resolve) => {
        echo.listen(0, '127.0.0.1', resolve);
      });
      const endpoint = `127.0.0.1:${(echo.address() as AddressInfo).port}`;
      const lines = [
        await refusal(prepare({ endpoint })),
        await refusal(
          prepare({
            endpoint,
            env: { ...NOWHERE, AWS_REGION: REGION },
            request: { env: CREDENTIALS },
          }),
        ).finally(() => {
          echo.close();
          echo.closeAllConnections();
        }),
      ];
      for (const line of lines) {
        expect(line).toContain('arn is odd: *** | ***');
        expect(line).not.toMatch(/Signature=|Credential=/);
      }
    }
  });
});

describe('what answers is not AWS KMS', () => {
  const html = { 'content-type': 'text/html' };
  const proxy = 'Allow the proxy to connect to';

  test.each<[string, Fault]>([
    ['a page with 403', { status: 403, body: '<html>blocked</html>', headers: html }],
    ['a page with 200', { status: 200, body: '<html>log in</html>', headers: html }],
    ['407', { status: 407, body: '' }],
  ])('%s', async (_name, fault) => {
    await throughProxy(
      () => fault,
      async ({ host }) => {
        const line = await refusal(prepare({ endpoint: host }));
        expect(line).toContain('what answers is not AWS KMS');
        expect(line).toContain(proxy);
        expect(line).not.toMatch(/SDK|\$response|Unknown|token/);
      },
    );
  });

  test('a redirect is named and not followed', async () => {
    await throughProxy(
      () => ({ status: 307, headers: { location: 'https://login.example/?token=x' } }),
      async ({ host, requests }) => {
        const line = await refusal(prepare({ endpoint: host }));
        expect(line).toContain('what answers is not AWS KMS');
        expect(line).toContain('https://login.example');
        expect(line).not.toContain('token=x');
        expect(requests).toHaveLength(1);
      },
    );
  });

  test.each(['', '{}', 'null', '[]'])('an answer %j without a key', async (body) => {
    await throughProxy(
      () => ({ status: 200, body, headers: { 'content-type': 'application/x-amz-json-1.1' } }),
      async ({ host }) => {
        expect(await refusal(prepare({ endpoint: host }))).toContain('what answers is not AWS KMS');
      },
    );
  });
});

describe('the network', () => {
  test('nobody there', async () => {
    const line = await refusedInChild(`awskms://127.0.0.1:9/${p256.alias}`, certified.pem, SETTINGS);
    expect(line).toContain('cannot be reached');
    expect(line).toContain('ECONNREFUSED');
  });

  test('no answer: the timeout of a request', async () => {
    await throughProxy(
      () => 'silence',
      async ({ host, requests }) => {
        const line = await refusal(prepare({ endpoint: host, request: { timeout: 200 } }));
        expect(line).toContain('cannot be reached');
        expect(requests).toHaveLength(5);
      },
    );
  });

  test('a cancelled run ends at once, for its own reason', async () => {
    await throughProxy(
      () => 'silence',
      async ({ host }) => {
        const abort = new AbortController();
        const preparing = prepare({ endpoint: host, request: { signal: abort.signal } });
        setTimeout(() => abort.abort(new Error('stopped by a signal')), 200);
        await expect(preparing).rejects.toThrow('stopped by a signal');
      },
    );
  });

  test('a signature that was damaged on the way', async () => {
    const change = (body: Buffer): Buffer => {
      const answer = JSON.parse(body.toString()) as { Signature?: string };
      if (answer.Signature === undefined) return body;
      const signature = Buffer.from(answer.Signature, 'base64');
      signature[signature.length - 1] = (signature.at(-1) ?? 0) ^ 1;
      return Buffer.from(JSON.stringify({ ...answer, Signature: signature.toString('base64') }));
    };
    await throughProxy(
      () => ({ change }),
      async ({ host }) => {
        const signer = await (await prepare({ endpoint: host })).open();
        const line = await refusal(signer.sign(Buffer.from(ROOT_HASH), 'layer'));
        expect(line).toContain('its own key does not verify');
      },
    );
  });
});
