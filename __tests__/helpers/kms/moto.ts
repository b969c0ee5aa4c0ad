import { createPublicKey, type KeyObject } from 'node:crypto';
import {
  CreateAliasCommand,
  CreateKeyCommand,
  GetPublicKeyCommand,
  type KeySpec,
  type KeyUsageType,
  KMSClient,
} from '@aws-sdk/client-kms';
import { type ServiceProcess, startService } from './service-process.ts';

export const REGION = 'eu-central-1';
/** moto takes any until permissions are enforced. */
export const CREDENTIALS = {
  AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  AWS_SESSION_TOKEN: 'FwoGZXIvYXdzEExampleSessionTokenOfThisTest',
} as const;

export interface MotoKey {
  id: string;
  arn: string;
  /** `alias/…` */
  alias: string;
  publicKey: KeyObject | undefined;
}

export interface Moto {
  /** `127.0.0.1:PORT` */
  host: string;
  admin: KMSClient;
  createKey(spec: KeySpec, usage?: KeyUsageType): Promise<MotoKey>;
  /** Makes a user who may do these actions only, and enforces permissions from then on. */
  enforce(actions: readonly string[]): Promise<{ AWS_ACCESS_KEY_ID: string; AWS_SECRET_ACCESS_KEY: string }>;
  stop(): Promise<void>;
}

export async function startMoto(): Promise<Moto> {
  const service = await startService('moto-server');
  const host = `127.0.0.1:${service.line}`;
  const admin = new KMSClient({
    endpoint: `http://${host}`,
    region: REGION,
    credentials: { accessKeyId: 'admin', secretAccessKey: 'admin' },
  });
  return { host, admin, createKey: createKey(admin), enforce: enforce(host), stop: stopper(service, admin) };
}

function stopper(service: ServiceProcess, admin: KMSClient): () => Promise<void> {
  return async () => {
    admin.destroy();
    await service.stop();
  };
}

function createKey(admin: KMSClient): Moto['createKey'] {
  return async (spec, usage = 'SIGN_VERIFY') => {
    const { KeyMetadata } = await admin.send(new CreateKeyCommand({ KeySpec: spec, KeyUsage: usage }));
    const { KeyId: id = '', Arn: arn = '' } = KeyMetadata ?? {};
    const alias = `alias/${spec.toLowerCase()}-${id.slice(0, 8)}`;
    await admin.send(new CreateAliasCommand({ AliasName: alias, TargetKeyId: id }));
    if (spec === 'SYMMETRIC_DEFAULT') return { id, arn, alias, publicKey: undefined };
    const { PublicKey } = await admin.send(new GetPublicKeyCommand({ KeyId: id }));
    const publicKey = createPublicKey({ key: Buffer.from(PublicKey ?? []), format: 'der', type: 'spki' });
    return { id, arn, alias, publicKey };
  };
}

function enforce(host: string): Moto['enforce'] {
  return async (actions) => {
    const UserName = `user-${actions.length}`;
    const statement = { Effect: 'Allow', Action: actions, Resource: '*' };
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await iam(host, 'CreateUser', { UserName });
    if (actions.length > 0) await iam(host, 'PutUserPolicy', { UserName, PolicyName: 'p', PolicyDocument });
    const answer = await iam(host, 'CreateAccessKey', { UserName });
    const field = (name: string): string => new RegExp(`<${name}>([^<]*)<`).exec(answer)?.[1] ?? '';
    await fetch(`http://${host}/moto-api/reset-auth`, { method: 'POST', body: '0' });
    return { AWS_ACCESS_KEY_ID: field('AccessKeyId'), AWS_SECRET_ACCESS_KEY: field('SecretAccessKey') };
  };
}

async function iam(host: string, action: string, parameters: Record<string, string>): Promise<string> {
  const response = await fetch(`http://${host}/`, {
    method: 'POST',
    headers: {
      authorization:
        'AWS4-HMAC-SHA256 Credential=admin/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: new URLSearchParams({ Action: action, Version: '2010-05-08', ...parameters }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${action}: ${text}`);
  return text;
}
