import { expect, test } from '@jest/globals';
import { pluginEnvironment } from '../../../../../src/signatures/signers/plugin/run.ts';

test('a plugin gets the environment without inputs, captured secrets and credentials for others', () => {
  const kept = {
    PATH: '/bin',
    AWS_SECRET_ACCESS_KEY: 'aws',
    AZURE_CLIENT_SECRET: 'azure',
    VAULT_TOKEN: 'vault',
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'oidc',
    GITHUB_REPOSITORY: 'o/r',
    UNKNOWN: 'x',
  };
  const withheld = {
    'INPUT_REGISTRY-PASSWORD': 'x',
    input_key: 'x',
    SIGNING_KEY: 'x',
    NOTATION_USERNAME: 'x',
    NOTATION_PASSWORD: 'x',
    DOCKER_AUTH_CONFIG: 'x',
    ACTIONS_RUNTIME_TOKEN: 'x',
    GITHUB_TOKEN: 'x',
    GH_TOKEN: 'x',
    NPM_TOKEN: 'x',
    NODE_AUTH_TOKEN: 'x',
  };
  const secrets = { SIGNING_KEY: 'x', '/dev/fd/63': 'x' };
  expect(pluginEnvironment({ ...withheld, ...kept }, secrets)).toEqual(kept);
});
