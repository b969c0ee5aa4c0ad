/** The vendors' libraries as users run them: bundled, in chunks, behind a proxy. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { COMMON } from '../../scripts/build/options.ts';
import { AzureContract, CLIENT, GITHUB_REQUEST_TOKEN, TENANT } from '../helpers/kms/azure-contract.ts';
import { verifiedByOpenssl } from '../helpers/kms/check-answer.ts';
import { type CloudNetwork, startCloudNetwork } from '../helpers/kms/cloud-network.ts';
import { externalAccount, GoogleContract, KEY_RING } from '../helpers/kms/google-contract.ts';
import { errorLine, runSigning } from '../helpers/kms/run-signing.ts';
import { type LeafFiles, pki } from '../helpers/pki.ts';

const URL_OF_GITHUB = 'https://pipelines.actions.githubusercontent.com/x/oidctoken?api-version=2.0';
const HASH = '0dcd60e7c5f0b5b6b35be5a0d1a4c2b3f1e7a8d96c5b4a39281706f5e4d3c2b1';

let folder: string;
let files: LeafFiles;

beforeAll(async () => {
  files = (await pki()).leaf('p256');
  folder = mkdtempSync(join(tmpdir(), 'bundled-kms-'));
  const entry = fileURLToPath(new URL('../helpers/kms/signing-child.ts', import.meta.url));
  await build({ ...COMMON, entryPoints: [entry], outdir: folder });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function signs(network: CloudNetwork, key: string, env: Record<string, string>): Promise<void> {
  try {
    const job = { key, certificate: files.fullChainPath, sign: [[HASH, 'layer']] as [string, 'layer'][] };
    const { answers } = await runSigning(network, [job], env, join(folder, 'signing-child.js'));
    expect(answers.map(errorLine)).toEqual(['no error']);
    const signature = answers[0]?.signatures?.[0];
    expect(signature && (await verifiedByOpenssl(signature, HASH, files))).toBe(HASH);
    expect(network.refused).toEqual([]);
  } finally {
    await network.stop();
  }
}

test('Azure Key Vault, with the OIDC token of GitHub', async () => {
  const keys = { release: { keyPath: files.keyPath } };
  const azure = new AzureContract({ 'acme.vault.azure.net': { keys, allowed: ['keys/get', 'keys/sign'] } });
  await signs(await startCloudNetwork(azure.services()), 'azurekms://acme/release', {
    ...{ AZURE_TENANT_ID: TENANT, AZURE_CLIENT_ID: CLIENT },
    ...{ ACTIONS_ID_TOKEN_REQUEST_URL: URL_OF_GITHUB, ACTIONS_ID_TOKEN_REQUEST_TOKEN: GITHUB_REQUEST_TOKEN },
  });
});

test('Google Cloud KMS, with the file of google-github-actions/auth', async () => {
  const google = new GoogleContract({
    release: { keyPath: files.keyPath, algorithm: 'EC_SIGN_P256_SHA256' },
  });
  const credentials = join(folder, 'gha-creds.json');
  writeFileSync(credentials, JSON.stringify(externalAccount({ impersonate: true })));
  const key = `gcpkms://${KEY_RING}/cryptoKeys/release/cryptoKeyVersions/1`;
  await signs(await startCloudNetwork(google.services()), key, {
    GOOGLE_APPLICATION_CREDENTIALS: credentials,
  });
});
