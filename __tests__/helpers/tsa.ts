/** A timestamping authority: openssl ts behind HTTP. */
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type CertificateMaker, TSA } from './made-certificates.ts';
import { openssl } from './pki.ts';

/** The fault of the server; receives the query. */
export type Misbehaviour = (
  query: Buffer,
  response: ServerResponse,
  answer: () => Promise<Buffer>,
) => Promise<void> | void;

export interface TestTsa {
  url: string;
  queries: Buffer[];
  headers: IncomingMessage['headers'][];
  misbehave(how: Misbehaviour | undefined): void;
  /** The reply that openssl makes. */
  reply(query: Buffer): Promise<Buffer>;
  stop(): Promise<void>;
}

export interface TsaOptions {
  /** Name of a certificate of the builder; default `tsa`, made here under `issuer`. */
  signer?: string;
  issuer?: string;
  /** Lines of openssl's TSA section, after the default ones. */
  settings?: string[];
}

export async function startTsa(builder: CertificateMaker, options: TsaOptions): Promise<TestTsa> {
  const { signer = 'tsa', issuer, settings = [] } = options;
  if (options.signer === undefined && issuer !== undefined) {
    await builder.make({ name: signer, issuer, extensions: TSA });
  }
  const folder = await mkdtemp(join(builder.folder, 'tsa-'));
  await writeFile(join(folder, 'serial'), '01\n');
  const config = [
    '[tsa]',
    'default_tsa=one',
    '[one]',
    'serial=serial',
    `signer_cert=${builder.path(signer)}`,
    `certs=${builder.path(signer, 'full.pem')}`,
    `signer_key=${builder.path(signer, 'key')}`,
    'signer_digest=sha256',
    'default_policy=1.2.3.4.1',
    'digests=sha256,sha384,sha512',
    'accuracy=secs:1,millisecs:500',
    'ess_cert_id_alg=sha256',
    'ess_cert_id_chain=no',
    ...settings,
    '',
  ];
  await writeFile(join(folder, 'tsa.cnf'), config.join('\n'));
  let one = 0;
  const reply = async (query: Buffer): Promise<Buffer> => {
    const name = `${one++}`;
    await writeFile(join(folder, `${name}.tsq`), query);
    await openssl(
      ['ts', '-reply', '-config', 'tsa.cnf', '-queryfile', `${name}.tsq`, '-out', `${name}.tsr`],
      folder,
    );
    return readFile(join(folder, `${name}.tsr`));
  };
  const queries: Buffer[] = [];
  const headers: IncomingMessage['headers'][] = [];
  let misbehaviour: Misbehaviour | undefined;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const query = Buffer.concat(chunks);
      queries.push(query);
      headers.push(request.headers);
      try {
        if (misbehaviour !== undefined) return await misbehaviour(query, response, () => reply(query));
        response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(await reply(query));
      } catch (error) {
        response.writeHead(500).end(String(error));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/tsa`,
    queries,
    headers,
    misbehave: (how) => {
      misbehaviour = how;
    },
    reply,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
