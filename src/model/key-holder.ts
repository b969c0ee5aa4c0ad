/** Where a key is kept; also what reports say of it. */
export type KeyHolder =
  | 'pem'
  | 'pkcs12'
  | 'aws-kms'
  | 'azure-key-vault'
  | 'google-kms'
  | 'vault'
  | 'notation-plugin';
