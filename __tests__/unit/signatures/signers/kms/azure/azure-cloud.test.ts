import { expect, test } from '@jest/globals';
import { azureVault } from '../../../../../../src/signatures/signers/kms/azure/azure-cloud.ts';

test.each([
  ['acme', 'https://acme.vault.azure.net', false, 'login.microsoftonline.com'],
  ['Acme.Vault.Azure.Net', 'https://acme.vault.azure.net', false, 'login.microsoftonline.com'],
  ['acme.vault.azure.net:443', 'https://acme.vault.azure.net:443', false, 'login.microsoftonline.com'],
  ['acme.managedhsm.azure.net', 'https://acme.managedhsm.azure.net', true, 'login.microsoftonline.com'],
  ['acme.vault.azure.cn', 'https://acme.vault.azure.cn', false, 'login.chinacloudapi.cn'],
  ['acme.managedhsm.azure.cn', 'https://acme.managedhsm.azure.cn', true, 'login.chinacloudapi.cn'],
  ['acme.vault.usgovcloudapi.net', 'https://acme.vault.usgovcloudapi.net', false, 'login.microsoftonline.us'],
  ['azure.cn.example.org', 'https://azure.cn.example.org', false, 'login.microsoftonline.com'],
])('the vault %s', (name, url, managedHsm, authority) => {
  expect(azureVault(name)).toMatchObject({ url, managedHsm, authorityHost: `https://${authority}` });
});
