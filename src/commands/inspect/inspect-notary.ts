import { VeritySignError } from '../../errors.ts';
import type { InspectedNotary } from '../../report/verify-report.ts';
import { ENVELOPE_MEDIA_TYPE, type NotaryEnvelope } from '../../signatures/notary/envelope/envelope.ts';
import { parseEnvelope } from '../../signatures/notary/envelope/parse.ts';
import type { Referrer } from '../shared/read-referrers.ts';
import { signerOf } from '../verify/manifests/evaluate-signature.ts';
import { envelopeReport } from '../verify/notary-report.ts';

/** What a Notary referrer contains, without a verdict. */
export function inspectNotary(found: Referrer): InspectedNotary {
  const referrer = found.descriptor.digest;
  if ('error' in found) return { referrer, broken: found.error.message };
  const [layer] = found.manifest.layers;
  if (layer === undefined || found.manifest.layers.length > 1) {
    return { referrer, broken: `the signature manifest has ${found.manifest.layers.length} envelopes` };
  }
  const format = (['jws', 'cose'] as const).find((one) => ENVELOPE_MEDIA_TYPE[one] === layer.mediaType);
  let envelope: NotaryEnvelope;
  try {
    envelope = parseEnvelope(layer.mediaType, found.blobs[0] ?? new Uint8Array());
  } catch (error) {
    if (!(error instanceof VeritySignError)) throw error;
    return {
      referrer,
      broken: error.message,
      ...envelopeReport({ format, signer: undefined, envelope: undefined }),
    };
  }
  return {
    referrer,
    ...envelopeReport({ format, signer: signerOf(envelope), envelope }),
    target: envelope.target.digest,
    timestamped: envelope.timestamp !== undefined,
  };
}
