import { readFile } from 'node:fs/promises';
import type { PreparedSigner, Signer, SignerRequest } from '../../src/model/signing.ts';
import { type CertificateChain, chainFromDer } from '../../src/signatures/pkcs7/signing-chain.ts';
import { prepareSigner } from '../../src/signatures/signers/prepare-signer.ts';
import { readCertificateBundle } from '../../src/signatures/x509/bundle.ts';

/** The chain of a PEM file, as `sign` reads it for layers. */
export async function chainIn(path: string): Promise<CertificateChain> {
  return chainFromDer(readCertificateBundle(await readFile(path), `file ${path}`, ''));
}

/** A request for layers, with the test's changes only. */
export function signerRequest(more: Partial<SignerRequest> = {}): SignerRequest {
  return {
    certificates: undefined,
    purposes: ['layer'],
    pluginConfig: {},
    env: {},
    timeout: 300_000,
    signal: new AbortController().signal,
    ...more,
  };
}

export function prepare(reference: string, more?: Partial<SignerRequest>): Promise<PreparedSigner> {
  return prepareSigner(reference, signerRequest(more));
}

export async function openSigner(reference: string, more?: Partial<SignerRequest>): Promise<Signer> {
  return (await prepare(reference, more)).open();
}
