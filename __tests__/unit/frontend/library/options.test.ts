import { describe, expect, test } from '@jest/globals';
import { INPUTS, inputsOf, type RawValues } from '../../../../src/frontend/inputs/catalog.ts';
import { commonOptions } from '../../../../src/frontend/inputs/common-options.ts';
import { SecretStore } from '../../../../src/frontend/inputs/secrets.ts';
import { signingOptions } from '../../../../src/frontend/inputs/signing-options.ts';
import { verifyingOptions } from '../../../../src/frontend/inputs/verifying-options.ts';
import {
  COMMANDS,
  givenOptions,
  NOT_IN_LIBRARY,
  optionsOf,
} from '../../../../src/frontend/library/options.ts';

const dialect = { label: (name: string) => name, literalPassword: true, secrets: new SecretStore({}) };

describe.each(COMMANDS)('the options of %s', (command) => {
  test('are all of the CLI, but for those with a reason, and the images', () => {
    const inputs = optionsOf(command).map(({ input }) => input);
    const expected = inputsOf(command).map(({ name }) => name);
    expect(inputs).toEqual([
      command === 'root-hash' ? 'source' : 'image',
      ...expected.filter((name) => NOT_IN_LIBRARY[name] === undefined),
    ]);
  });

  test('have one name each, in camel case', () => {
    const names = optionsOf(command).map(({ name }) => name);
    expect(names.filter((name) => !/^[a-z][A-Za-z0-9]*$/.test(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });

  test.each(optionsOf(command))('$name accepts a value of its kind and no other', ({ name, input, kind }) => {
    const values = { text: 'a', flag: true, number: 3, list: ['a', 'b'], pairs: { a: 'b=c', d: '' } };
    const lines = { text: 'a', flag: 'true', number: '3', list: 'a\nb', pairs: 'a=b=c\nd=' };
    const { raw, sources } = givenOptions(command, { [name]: values[kind] });
    if (input === 'source') expect(sources).toEqual(['a', 'b']);
    else expect(raw).toEqual({ [input]: lines[kind] });
    for (const [other, value] of Object.entries(values)) {
      // An item is a list of one.
      if (other === kind || (kind === 'list' && other === 'text')) continue;
      expect(() => givenOptions(command, { [name]: value })).toThrow(new RegExp(`^option ${name} is not `));
    }
  });
});

test('flags are the inputs that are true or false, and their parsers agree', () => {
  const flags = COMMANDS.flatMap((command) => optionsOf(command)).filter(({ kind }) => kind === 'flag');
  expect([...new Set(flags.map(({ name }) => name))].sort()).toEqual([
    'allowExpired',
    'crossCheck',
    'dryRun',
    'plainHttp',
    'preflight',
    'preflightAllowDenials',
    'preflightHealthcheck',
    'preflightStatic',
    'recompute',
    'strict',
  ]);
  const { raw } = givenOptions('verify', { recompute: false, strict: true, trustedCertificate: 'x' });
  expect(verifyingOptions(raw, dialect)).toMatchObject({ recompute: false, strict: true });
});

describe('choices', () => {
  const parsers: Record<string, (raw: RawValues) => unknown> = {
    // A dry run has no preflight.
    sign: (raw) =>
      'preflight-accel' in raw
        ? signingOptions({ key: 'awskms:///alias/release', preflight: 'true', ...raw }, dialect)
        : signingOptions({ 'dry-run': 'true', 'manifest-signature': 'jws', ...raw }, dialect),
    verify: (raw) => verifyingOptions({ 'trusted-certificate': 'x', ...raw }, dialect),
    inspect: (raw) => commonOptions(raw, dialect),
    'root-hash': (raw) => commonOptions(raw, dialect),
  };
  const cases = COMMANDS.flatMap((command) =>
    optionsOf(command).flatMap(({ name, input, choices }) =>
      choices === undefined || input === 'source' ? [] : [{ command, name, input, choices }],
    ),
  );

  test('are known of every input that names few values', () => {
    expect(new Set(cases.map(({ name }) => name))).toEqual(
      new Set([
        'profile',
        'builder',
        'layers',
        'artifactFormat',
        'manifestSignature',
        'referrers',
        'preflightAccel',
      ]),
    );
  });

  test.each(cases)(
    'of $command, $name: the parser accepts these and no others',
    ({ command, input, choices }) => {
      const parse = (text: string) => parsers[command]?.({ [input]: text });
      for (const choice of choices) expect(() => parse(choice)).not.toThrow();
      let message = '';
      try {
        parse('another');
      } catch (error) {
        message = (error as Error).message;
      }
      const listed = /is not one of (.*)$/.exec(message)?.[1]?.split(', ');
      expect(listed?.sort()).toEqual([...choices].sort());
    },
  );
});

test('an unknown option is refused by name, with those that there are', () => {
  expect(() => givenOptions('verify', { trustedCertifcate: 'x' })).toThrow(
    expect.objectContaining({
      code: 'usage',
      message: 'option trustedCertifcate is unknown to verify',
      remedy: expect.stringContaining('trustedCertificate'),
    }),
  );
  expect(() => givenOptions('root-hash', { key: 'x' })).toThrow('option key is unknown to rootHash');
  // Names of the command line are not names of the library.
  expect(() => givenOptions('sign', { 'dry-run': true })).toThrow('option dry-run is unknown to sign');
});

test('an undefined option is an absent one', () => {
  expect(givenOptions('sign', { key: undefined, image: 'a' }).raw).toEqual({ image: 'a' });
});

test('an item cannot smuggle in another one', () => {
  for (const given of [
    { image: 'a\nb' },
    { annotations: { a: 'b\nc=d' } },
    { registryCredentials: ['a=b:env://C\r\nd=e:env://F'] },
  ]) {
    expect(() => givenOptions('sign', given)).toThrow(/has an item of several lines/);
  }
  expect(() => givenOptions('sign', { annotations: { 'a=b': 'c' } })).toThrow(/keys have no =/);
  expect(() => givenOptions('verify', { trustedCertificate: 'a\nb' })).toThrow(/several lines/);
  const pem = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
  const { raw } = givenOptions('verify', { trustedCertificate: [pem, 'root.pem'] });
  expect(verifyingOptions(raw, dialect).trustedCertificates).toEqual([
    expect.stringContaining('AAAA'),
    'root.pem',
  ]);
});

test('an item is read as it is, or refused', () => {
  for (const [command, given, number] of [
    ['verify', { trustedCertificate: ['root.pem', 'a,b.pem'] }, 2],
    [
      'verify',
      { trustedCertificate: ['-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----', 'a b.pem'] },
      2,
    ],
    ['verify', { image: [' oci:a'] }, 1],
    ['verify', { signerIdentity: ['CN=a', 'CN=b '] }, 2],
    ['verify', { platform: 'linux/amd64,linux/arm64' }, 1],
    ['sign', { pushTo: ['registry.example/a:1', '#registry.example/b:1'] }, 2],
    ['root-hash', { source: ['blob\t'] }, 1],
  ] as const) {
    expect(() => givenOptions(command, given)).toThrow(
      expect.objectContaining({
        code: 'usage',
        message: `option ${Object.keys(given)[0]}: item ${number} is not read as one item`,
      }),
    );
  }
  expect(givenOptions('verify', { signerIdentity: 'CN=a,O=b' }).raw).toEqual({
    'signer-identity': 'CN=a,O=b',
  });
  // The error must not repeat what may be a password.
  expect(() => givenOptions('verify', { registryCredentials: 'h=u:secret ' })).not.toThrow('secret');
});

describe('an option that is given and empty', () => {
  const kinds = COMMANDS.flatMap((command) =>
    optionsOf(command)
      .filter(({ kind }) => kind === 'text' || kind === 'list')
      .map(({ name, input, kind }) => ({ command, name, input, kind })),
  );

  test.each(kinds)('is refused: $command, $name', ({ command, name, input, kind }) => {
    const error = expect.objectContaining({ code: 'usage', message: `option ${name} is empty` });
    for (const value of ['', ' ', '\n']) {
      expect(() => givenOptions(command, { [name]: value })).toThrow(error);
      if (kind === 'list') expect(() => givenOptions(command, { [name]: ['a', value] })).toThrow(error);
    }
    if (kind === 'text') return;
    if (input === 'image' || input === 'source') {
      // metadataFile may name the images; without it, the message says what is missing.
      expect(() => givenOptions(command, { [name]: [] })).not.toThrow();
    } else {
      expect(() => givenOptions(command, { [name]: [] })).toThrow(error);
    }
  });

  test('may be an object without entries', () => {
    expect(givenOptions('sign', { annotations: {}, pluginConfig: {} }).raw).toEqual({
      annotations: '',
      'plugin-config': '',
    });
  });
});

test('what the library leaves out is an input of the CLI', () => {
  expect(Object.keys(NOT_IN_LIBRARY).filter((name) => !INPUTS.some((input) => input.name === name))).toEqual(
    [],
  );
});
