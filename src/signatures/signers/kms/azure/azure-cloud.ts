/** The address of a vault and the authority that issues tokens for it. */
export interface AzureVault {
  url: string;
  host: string;
  /** A Managed HSM: keys only, no certificates, roles of its own. */
  managedHsm: boolean;
  /** URL of Microsoft Entra ID in the vault's cloud. */
  authorityHost: string;
  /** The audience that Entra ID wants in an OIDC token of GitHub. */
  federationAudience: string;
}

type Cloud = Pick<AzureVault, 'authorityHost' | 'federationAudience'>;

const PUBLIC: Cloud = {
  authorityHost: 'https://login.microsoftonline.com',
  federationAudience: 'api://AzureADTokenExchange',
};

/** [learn.microsoft.com: national clouds; federated identity credentials, audiences] */
const SOVEREIGN: Readonly<Record<string, Cloud>> = {
  'azure.cn': {
    authorityHost: 'https://login.chinacloudapi.cn',
    federationAudience: 'api://AzureADTokenExchangeChina',
  },
  'usgovcloudapi.net': {
    authorityHost: 'https://login.microsoftonline.us',
    federationAudience: 'api://AzureADTokenExchangeUSGov',
  },
};

/** @param vault A vault's name in the public cloud, or its host name in any cloud, port optional. */
export function azureVault(vault: string): AzureVault {
  const [first = '', port] = vault.toLowerCase().split(':');
  const hostname = first.includes('.') ? first : `${first}.vault.azure.net`;
  const host = port === undefined ? hostname : `${hostname}:${port}`;
  const cloud = Object.entries(SOVEREIGN).find(([domain]) => hostname.endsWith(`.${domain}`))?.[1] ?? PUBLIC;
  return { url: `https://${host}`, host, managedHsm: hostname.includes('.managedhsm.'), ...cloud };
}
