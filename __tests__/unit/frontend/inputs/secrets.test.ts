import { fstatSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  keyReference,
  passphraseReference,
  passwordFromReference,
  passwordOrReference,
  SecretStore,
} from '../../../../src/frontend/inputs/secrets.ts';

const PEM = '-----BEGIN PRIVATE KEY-----\nMIIBone\nMIIBtwo\n-----END PRIVATE KEY-----\n';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'secrets-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function storeOf(env: NodeJS.ProcessEnv): { store: SecretStore; hidden: string[] } {
  const hidden: string[] = [];
  return { store: new SecretStore(env, (value) => hidden.push(value)), hidden };
}

describe('env://NAME', () => {
  test('moves the variable out of the environment and hides each line of it', () => {
    const env = { KEY: PEM, OTHER: 'stays' };
    const { store, hidden } = storeOf(env);
    expect(store.capture('env://KEY', 'input key')).toBe(PEM);
    expect(env).toEqual({ OTHER: 'stays' });
    expect(store.values).toEqual({ KEY: PEM });
    expect(hidden).toContain('MIIBone');
    expect(hidden).toContain('MIIBtwo');
    expect(hidden).toContain(PEM);
    expect(hidden).not.toContain('-----BEGIN PRIVATE KEY-----');
  });

  test('two inputs may name the same variable', () => {
    const { store } = storeOf({ A: 'value' });
    expect(store.capture('env://A', 'one')).toBe('value');
    expect(store.capture('env://A', 'two')).toBe('value');
  });

  test.each(['env://MISSING', 'env://EMPTY', 'env://', 'env://__proto__'])('refuses %s', (text) => {
    const { store } = storeOf({ EMPTY: '' });
    expect(() => store.capture(text, 'input key')).toThrow(
      /^input key: the environment variable .* is not set or is empty$/,
    );
  });

  test('anything else is not captured', () => {
    expect(storeOf({}).store.capture('file.pem', 'x')).toBeUndefined();
  });
});

describe('a reference to a key or passphrase', () => {
  test('may be a file, whose name is not hidden', () => {
    const file = join(folder, 'key.pem');
    writeFileSync(file, PEM);
    const { store, hidden } = storeOf({});
    expect(keyReference(file, 'input key', store)).toBe(file);
    expect(hidden).toEqual([]);
  });

  test('given by mistake as the secret itself is hidden and not repeated', () => {
    const { store, hidden } = storeOf({});
    for (const [secret, what] of [
      [PEM, 'input key is PEM text instead of a reference to it'],
      ['correct horse battery', 'there is no such file'],
    ] as const) {
      let message = '';
      try {
        keyReference(secret, 'input key', store);
      } catch (error) {
        message = String(error);
      }
      expect(message).toContain(what);
      expect(message).not.toContain('MIIB');
      expect(message).not.toContain('horse');
    }
    expect(hidden).toEqual(expect.arrayContaining(['MIIBone', 'correct horse battery']));
  });

  test('a passphrase of another kind is refused by its scheme', () => {
    const { store } = storeOf({});
    expect(() => passphraseReference('awskms:///alias/x', 'input key-passphrase', store)).toThrow(
      'input key-passphrase: awskms:// is not supported',
    );
  });

  test.each([
    'awskms:///arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
    'awskms://localhost:4566/alias/release',
    'azurekms://example.vault.azure.net/release/0123456789abcdef0123456789abcdef',
    'gcpkms://projects/p/locations/global/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1',
    'hashivault://release',
    'notation-plugin://azure-kv/https://example.vault.azure.net/keys/release/0123',
  ])('a key that is elsewhere is left to the signers: %s', (reference) => {
    const { store, hidden } = storeOf({ PATH: '/bin' });
    expect(keyReference(reference, 'input key', store)).toBe(reference);
    expect(hidden).toEqual([]);
  });

  test('credentials for such a key are hidden, and leave the environment if this program sends them', () => {
    const ambient = {
      AWS_ACCESS_KEY_ID: 'AKIA',
      AWS_SECRET_ACCESS_KEY: 'aws secret',
      AZURE_CLIENT_SECRET: 'azure secret',
      VAULT_TOKEN: 'hvs.token',
    };
    const masked = ['aws secret', 'azure secret', 'hvs.token'];
    const outcome = (key: string, more: NodeJS.ProcessEnv = {}) => {
      const env: NodeJS.ProcessEnv = { ...ambient, ...more };
      const { store, hidden } = storeOf(env);
      keyReference(key, 'input key', store);
      expect(hidden).toEqual(expect.arrayContaining(masked));
      return { left: Object.keys(env), values: { ...store.values } };
    };
    expect(outcome('azurekms://vault/key')).toEqual({ left: Object.keys(ambient), values: {} });
    expect(outcome('notation-plugin://x/y').left).toEqual(Object.keys(ambient));
    expect(outcome('hashivault://x')).toEqual({
      left: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AZURE_CLIENT_SECRET'],
      values: { VAULT_TOKEN: 'hvs.token' },
    });
    expect(outcome('awskms:///alias/x')).toEqual({
      left: ['AZURE_CLIENT_SECRET', 'VAULT_TOKEN'],
      values: { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'aws secret' },
    });
    expect(outcome('awskms:///alias/x', { AWS_PROFILE: 'release' }).values).toEqual({});
  });
});

describe('a descriptor', () => {
  const opened = (content: string | Uint8Array): { descriptor: number; path: string } => {
    const file = join(folder, 'opened');
    writeFileSync(file, content);
    const descriptor = openSync(file, 'r');
    rmSync(file);
    return { descriptor, path: `/dev/fd/${descriptor}` };
  };

  test('is read into the store, masked and closed', () => {
    const { descriptor, path } = opened(PEM);
    const { store, hidden } = storeOf({});
    expect(keyReference(path, 'input key', store)).toBe(path);
    expect(keyReference(path, 'input key', store)).toBe(path);
    expect(store.values).toEqual({ [path]: PEM });
    expect(hidden).toEqual(expect.arrayContaining(['MIIBone', 'MIIBtwo']));
    expect(() => fstatSync(descriptor)).toThrow('EBADF');
  });

  test.each([
    ['a passphrase', (path: string, store: SecretStore) => passphraseReference(path, 'input x', store)],
    ['a password', (path: string, store: SecretStore) => passwordFromReference(path, 'input x', store)],
  ])('that is the key is not also %s, under any name', (_what, read) => {
    const { descriptor, path } = opened(PEM);
    const { store } = storeOf({});
    keyReference(path, 'input key', store);
    for (const name of [path, `/proc/self/fd/${descriptor}`]) {
      expect(() => read(name, store)).toThrow(
        `input x: input key reads the descriptor ${descriptor}, which can be read once`,
      );
    }
  });

  test('may contain a PKCS#12 file, which becomes base64', () => {
    const bytes = Buffer.from([0x30, 0x82, 0xff, 0xfe, 0x00]);
    const { path } = opened(bytes);
    const { store } = storeOf({});
    keyReference(path, 'input key', store);
    expect(Buffer.from(store.values[path] ?? '', 'base64')).toEqual(bytes);
  });

  test('may contain the password', () => {
    const { descriptor, path } = opened('pass word\n');
    expect(passwordFromReference(path, 'x', storeOf({}).store)).toBe('pass word');
    expect(() => fstatSync(descriptor)).toThrow('EBADF');
  });

  test('that is not open is no such file', () => {
    expect(() => keyReference('/dev/fd/987654', 'input key', storeOf({}).store)).toThrow(
      'input key: there is no such file',
    );
  });
});

describe("the CLI's password", () => {
  test('comes from a file without its last line end, or from the environment', () => {
    const file = join(folder, 'password');
    writeFileSync(file, 'pass word\n');
    const { store } = storeOf({ TOKEN: 'token' });
    expect(passwordFromReference(file, 'x', store)).toBe('pass word');
    expect(passwordFromReference('env://TOKEN', 'x', store)).toBe('token');
  });

  test.each([
    ['in PEM', PEM],
    ['in base64', Buffer.from(PEM).toString('base64')],
    ['after what openssl says of it', `Bag Attributes\n  friendlyName: key\n${PEM}`],
  ])('is no key %s, which a registry would get', (_what, text) => {
    const file = join(folder, 'key');
    writeFileSync(file, text);
    const refusal = /^x: the password is a key or certificate in PEM$/;
    for (const reference of [file, 'env://TOKEN']) {
      const { store } = storeOf({ TOKEN: text });
      expect(() => passwordFromReference(reference, 'x', store)).toThrow(refusal);
    }
    // An Action takes the password itself, too.
    for (const given of [text, 'env://TOKEN']) {
      const { store } = storeOf({ TOKEN: text });
      expect(() => passwordOrReference(given, 'x', store)).toThrow(refusal);
    }
  });

  test('may be a key of Google, a JSON document', () => {
    const json = JSON.stringify({ type: 'service_account', private_key: PEM });
    for (const text of [json, Buffer.from(json).toString('base64')]) {
      expect(passwordFromReference('env://TOKEN', 'x', storeOf({ TOKEN: text }).store)).toBe(text);
      expect(passwordOrReference(text, 'x', storeOf({}).store)).toBe(text);
    }
  });

  test('is never the value itself, and the value is not repeated', () => {
    const { store } = storeOf({});
    expect(() => passwordFromReference('hunter2', 'option --registry-password', store)).toThrow(
      /^option --registry-password: there is no such file$/,
    );
  });
});
