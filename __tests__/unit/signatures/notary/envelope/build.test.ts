import { describe, expect, test } from '@jest/globals';
import type { RawSignature } from '../../../../../src/model/signing.ts';
import { buildEnvelope } from '../../../../../src/signatures/notary/envelope/build.ts';
import {
  ENVELOPE_MEDIA_TYPE,
  type EnvelopeRequest,
} from '../../../../../src/signatures/notary/envelope/envelope.ts';
import { parseEnvelope } from '../../../../../src/signatures/notary/envelope/parse.ts';
import { signer } from '../../../../helpers/chain-signer.ts';
import { dn, writeChain } from '../../../../helpers/chain-writer.ts';

const chain = writeChain({ subject: dn(['C', 'US'], ['ST', 'WA'], ['O', 'A']) }, {});
const request: EnvelopeRequest = {
  target: {
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    digest: `sha256:${'0a'.repeat(32)}`,
    size: 42,
  },
  chain: chain.map(({ certificate }) => certificate.der),
  spec: { kind: 'ec', bits: 256, digest: 'sha256' },
  signingTime: new Date('2026-06-01T00:00:00.700Z'),
  agent: 'test/1',
};
const formats = ['jws', 'cose'] as const;

describe.each(formats)('%s', (format) => {
  const build = (more: Partial<EnvelopeRequest> = {}, sign = signer(chain)): Promise<Uint8Array> =>
    buildEnvelope(format, { ...request, ...more }, sign);

  test.each(['2026-06-01T00:00:00.000Z', '2026-06-01T00:00:00.900Z', '2026-05-31T23:59:59.999Z'])(
    'an expiry in the second of signing or before it is refused: %s',
    async (expiry) => {
      await expect(build({ expiry: new Date(expiry) })).rejects.toMatchObject({ code: 'usage' });
    },
  );

  test('an expiry one second later is accepted', async () => {
    const bytes = await build({ expiry: new Date('2026-06-01T00:00:01.000Z') });
    expect(parseEnvelope(ENVELOPE_MEDIA_TYPE[format], bytes)).toMatchObject({
      signingTime: new Date('2026-06-01T00:00:00Z'),
      expiry: new Date('2026-06-01T00:00:01Z'),
    });
  });

  test.each<[string, Partial<RawSignature>]>([
    ['of another scheme', { scheme: 'rsa-pss' }],
    ['of another digest', { digest: 'sha384' }],
    ['of RSA PKCS#1 v1.5', { scheme: 'rsa-pkcs1-v1_5' }],
    ['that is not DER', { value: Buffer.from('not DER') }],
  ])('a signature %s is refused', async (_what, change) => {
    const sign = async (bytes: Uint8Array): Promise<RawSignature> =>
      ({ ...(await signer(chain)(bytes)), ...change }) as RawSignature;
    await expect(build({}, sign)).rejects.toMatchObject({ code: 'key' });
  });

  test('a signature of other bytes is refused', async () => {
    const sign = (): Promise<RawSignature> => signer(chain)(Buffer.from('other'));
    await expect(build({}, sign)).rejects.toMatchObject({
      code: 'key',
      message: expect.stringContaining('does not verify'),
    });
  });
});
