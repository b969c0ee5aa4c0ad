import { describe, expect, test } from '@jest/globals';
import { endpointUrl } from '../../../../../../src/signatures/signers/kms/aws/aws-kms.ts';

describe('the endpoint of a reference', () => {
  test.each(['localhost', 'localhost:4566', '127.0.0.1:4566', '127.8.8.8'])('%s: HTTP', (host) => {
    expect(endpointUrl(host)).toBe(`http://${host}`);
  });

  test.each(['kms.example', 'localhost.example:443', '127.0.0.1.example', '10.0.0.1', '1270.0.0.1'])(
    '%s: HTTPS',
    (host) => {
      expect(endpointUrl(host)).toBe(`https://${host}`);
    },
  );
});
