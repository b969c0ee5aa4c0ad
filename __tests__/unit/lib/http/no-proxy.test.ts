import { describe, expect, test } from '@jest/globals';
import { bypassesProxy } from '../../../../src/lib/http/no-proxy.ts';
import { NO_PROXY_CASES } from '../../../helpers/no-proxy-cases.ts';

describe('NO_PROXY', () => {
  test.each(NO_PROXY_CASES)('%s with "%s": %s', (url, list, exempt) => {
    expect(bypassesProxy(new URL(url), list)).toBe(exempt);
  });
});
