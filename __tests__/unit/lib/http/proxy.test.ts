import { describe, expect, test } from '@jest/globals';
import { HttpError } from '../../../../src/lib/http/errors.ts';
import { agentProxy, proxyFor, proxyName } from '../../../../src/lib/http/proxy.ts';

const HTTP = new URL('http://tsa.example/');
const HTTPS = new URL('https://vault.example:8200/');

function named(url: URL, env: Record<string, string>): string | undefined {
  const proxy = proxyFor(url, env);
  return proxy && proxyName(proxy);
}

describe('which proxy', () => {
  test('by the scheme of the server', () => {
    const env = { HTTP_PROXY: 'http://plain.example:1', HTTPS_PROXY: 'http://secure.example:2' };
    expect(named(HTTP, env)).toBe('the proxy http://plain.example:1 (HTTP_PROXY)');
    expect(named(HTTPS, env)).toBe('the proxy http://secure.example:2 (HTTPS_PROXY)');
    expect(named(HTTP, { HTTPS_PROXY: 'http://secure.example:2' })).toBeUndefined();
    expect(
      named(HTTPS, { HTTP_PROXY: 'http://plain.example:1', ALL_PROXY: 'http://all.example' }),
    ).toBeUndefined();
  });

  test('lower case goes first, and an empty variable is none', () => {
    expect(named(HTTP, { http_proxy: 'http://lower:1', HTTP_PROXY: 'http://upper:1' })).toContain(
      'lower:1 (http_proxy)',
    );
    expect(named(HTTP, { http_proxy: '', HTTP_PROXY: 'http://upper:1' })).toContain('upper:1 (HTTP_PROXY)');
    expect(named(HTTP, { http_proxy: '', HTTP_PROXY: '' })).toBeUndefined();
    const both = { HTTP_PROXY: 'http://p:1', no_proxy: 'other.example', NO_PROXY: 'tsa.example' };
    expect(named(HTTP, both)).toBeDefined();
    expect(named(HTTP, { ...both, no_proxy: '' })).toBeUndefined();
  });

  test.each([
    ['proxy.example', 'http://proxy.example:80'],
    ['proxy.example:3128', 'http://proxy.example:3128'],
    ['https://proxy.example', 'https://proxy.example:443'],
    [' http://proxy.example:80/ignored?path ', 'http://proxy.example:80'],
    ['http://[2001:db8::1]:3128', 'http://[2001:db8::1]:3128'],
    ['user:pass@proxy.example:3128', 'http://proxy.example:3128'],
  ])('%s is %s', (value, expected) => {
    expect(named(HTTPS, { HTTPS_PROXY: value })).toBe(`the proxy ${expected} (HTTPS_PROXY)`);
  });

  test.each([
    ['http://us%40er:p%3Aw@proxy', 'us@er:p:w'],
    ['http://user:100%@proxy', 'user:100%'],
    ['http://user@proxy', 'user:'],
    ['http://:word@proxy', ':word'],
  ])('credentials of %s', (value, expected) => {
    const { authorization = '' } = proxyFor(HTTP, { http_proxy: value }) ?? {};
    expect(Buffer.from(authorization.replace(/^Basic /, ''), 'base64').toString()).toBe(expected);
  });

  test.each([
    'socks5://user:secret@proxy:1080',
    'http://user:secret@',
    'http://user:secret@bad host',
    'ftp://secret',
  ])('%s is refused without its value', (value) => {
    const refused = (): unknown => proxyFor(HTTPS, { https_proxy: value });
    expect(refused).toThrow(HttpError);
    expect(refused).toThrow(
      expect.objectContaining({ failure: 'proxy-setting', message: expect.stringContaining('https_proxy') }),
    );
    expect(refused).not.toThrow(/secret/);
  });

  test('a setting that does not matter for the server is not looked at', () => {
    expect(
      named(HTTP, { HTTPS_PROXY: 'socks5://x', HTTP_PROXY: 'socks5://x', NO_PROXY: '.example' }),
    ).toBeUndefined();
  });
});

describe('for agents of Node', () => {
  test.each([
    ['proxy.example:3128', 'http://proxy.example:3128'],
    ['https://us%40er:p%3Aw@[2001:db8::1]', 'https://us%40er:p%3Aw@[2001:db8::1]:443'],
    ['http://user@proxy', 'http://user:@proxy:80'],
    ['http://user:100%@proxy', 'http://user:100%25@proxy:80'],
  ])('%s is written as %s', (value, written) => {
    const env = { HTTPS_PROXY: value, NO_PROXY: 'a,b' };
    expect(agentProxy(HTTPS, env)).toEqual({ https_proxy: written, no_proxy: 'a,b' });
    expect(agentProxy(HTTP, env)).toEqual({});
  });

  test('what is no proxy is refused', () => {
    expect(() => agentProxy(HTTP, { HTTP_PROXY: 'socks5://user:secret@proxy' })).toThrow('HTTP_PROXY is not');
  });
});
