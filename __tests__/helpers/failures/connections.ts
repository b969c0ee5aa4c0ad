import { readFileSync } from 'node:fs';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { CA, CertificateMaker, type CertificateWish } from '../made-certificates.ts';
import { startRecordingProxy } from '../recording-proxy.ts';
import type { Failure, FailureCase, Stage } from './stage.ts';

const HERE = 'subjectAltName=IP:127.0.0.1';

interface Site {
  maker: CertificateMaker;
  /** Options of a run that trusts the authority. */
  trusting: string[];
}

/** An authority and a certificate of it for a server. */
async function certified(stage: Stage, wish: Partial<CertificateWish> = {}): Promise<Site> {
  const maker = new CertificateMaker(stage.scratch());
  await maker.make({ name: 'ca', extensions: CA });
  await maker.make({ name: 'server', issuer: 'ca', extensions: [HERE], ...wish });
  return { maker, trusting: ['--ca-file', maker.path('ca')] };
}

/** Signs in a registry that answers over TLS, or does not come to that. */
async function overTls(
  stage: Stage,
  site: Site,
  args: readonly string[],
  more: ServerOptions = {},
): Promise<Failure> {
  const { maker } = site;
  const identity = {
    key: readFileSync(maker.path('server', 'key')),
    cert: readFileSync(maker.path('server')),
  };
  const server = createServer({ ...identity, ...more });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    return await stage.sign(`127.0.0.1:${port}/app:1`, args);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

/** Signs in a registry behind a proxy. */
async function behind(stage: Stage, answer: number, scheme: string, more: object = {}): Promise<Failure> {
  const proxy = await startRecordingProxy({ answer, ...more });
  try {
    const HTTPS_PROXY = `${scheme}://${proxy.host}`;
    return await stage.sign('registry.test/app:1', [], { env: { HTTPS_PROXY } });
  } finally {
    await proxy.stop();
  }
}

/** Of the part `registry`: TLS and proxies. */
export const CONNECTIONS: FailureCase[] = [
  {
    name: 'registry with a private certificate',
    run: async (stage) => overTls(stage, await certified(stage), []),
  },
  {
    name: 'registry with an expired certificate',
    run: async (stage) => {
      const site = await certified(stage, { dates: ['20200101000000Z', '20210101000000Z'] });
      return overTls(stage, site, site.trusting);
    },
  },
  {
    name: 'registry with a certificate for another name',
    run: async (stage) => {
      const site = await certified(stage, { extensions: ['subjectAltName=DNS:other.test'] });
      return overTls(stage, site, site.trusting);
    },
  },
  {
    name: 'registry that demands a client certificate',
    run: async (stage) => {
      const site = await certified(stage);
      const ca = readFileSync(site.maker.path('ca'));
      return overTls(stage, site, site.trusting, { requestCert: true, rejectUnauthorized: true, ca });
    },
  },
  {
    name: 'registry that is no TLS server',
    run: async (stage) => {
      const net = await import('node:net');
      const server = net.createServer((socket) => socket.on('error', () => undefined).end('SSH-2.0-x\r\n'));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      try {
        return await stage.sign(`127.0.0.1:${(server.address() as AddressInfo).port}/app:1`);
      } finally {
        server.close();
      }
    },
  },
  {
    name: 'registry with an old version of TLS',
    run: async (stage) => {
      const site = await certified(stage);
      const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
      return overTls(stage, site, site.trusting, old);
    },
  },
  {
    name: 'wrong password',
    run: (stage) => {
      const challenge = { status: 401, headers: { 'www-authenticate': 'Basic realm="test"' } };
      const login = ['--registry-username', 'someone', '--registry-password', 'env://PASSWORD'];
      return stage.withRegistry(
        () => challenge,
        (reference) => stage.sign(reference, ['--plain-http', ...login], { env: { PASSWORD: 'wrong' } }),
      );
    },
  },
  { name: 'proxy without TLS', run: (stage) => behind(stage, 200, 'https') },
  {
    name: 'proxy with a private certificate',
    run: async (stage) => {
      const { maker } = await certified(stage);
      const tls = {
        key: readFileSync(maker.path('server', 'key')),
        cert: readFileSync(maker.path('server')),
      };
      return behind(stage, 200, 'https', { tls });
    },
  },
  { name: 'proxy that demands credentials', run: (stage) => behind(stage, 407, 'http') },
  { name: 'proxy that refuses', run: (stage) => behind(stage, 403, 'http') },
  {
    name: 'proxy that is not there',
    run: (stage) => stage.sign('registry.test/app:1', [], { env: { HTTPS_PROXY: 'http://localhost:1' } }),
  },
];
