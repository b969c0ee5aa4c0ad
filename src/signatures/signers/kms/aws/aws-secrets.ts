import type { KMSClient } from '@aws-sdk/client-kms';
import { redactor } from '../../../../lib/process/run.ts';

/** The header of a request, also of one that another client sent. [AWS Signature Version 4] */
const AUTHORIZATION = /AWS4-[A-Z0-9-]+ +Credential=.*?Signature=[0-9a-f]+/gs;

const SENT = new WeakMap<KMSClient, Set<string>>();

/** Keeps the session tokens that the client sends, wherever they come from: an answer can repeat them. */
export function keepSentSecrets(client: KMSClient): KMSClient {
  const sent = new Set<string>();
  SENT.set(client, sent);
  client.middlewareStack.add(
    (next) => (args) => {
      const { headers = {} } = args.request as { headers?: Record<string, string> };
      const token = headers['x-amz-security-token'];
      if (token !== undefined) sent.add(token);
      return next(args);
    },
    // Behind the signer, which is a step before.
    { step: 'deserialize', name: 'keepSentSecrets' },
  );
  return client;
}

/** A text without the session tokens that the client has sent, and without Authorization headers. */
export function withoutSentSecrets(client: KMSClient, text: string): string {
  return redactor([...(SENT.get(client) ?? [])])(text).replaceAll(AUTHORIZATION, '***');
}
