/**
 * Chains with purposes and name constraints, whether they are accepted, and where openssl verify, Go's
 * crypto/x509 or, for layers, the kernel says the opposite.
 */
import {
  alternativeNames,
  directory,
  dn,
  dns,
  email,
  ip,
  limited,
  nameConstraints,
  otherName,
  purposes,
  registeredId,
  uri,
  type Wanted,
} from './chain-writer.ts';

export type Judge = 'openssl' | 'go' | 'kernel';

export interface PathCase {
  name: string;
  leaf: Wanted;
  authorities: [Wanted, ...Wanted[]];
  accepted: boolean;
  /** Judges that say the opposite, and why. */
  differ: Partial<Record<Judge, string>>;
}

export const PATH_CASES: PathCase[] = [];

function add(
  name: string,
  accepted: boolean,
  leaf: Wanted,
  authorities: Wanted | [Wanted, ...Wanted[]],
  differ: PathCase['differ'] = {},
): void {
  const list: [Wanted, ...Wanted[]] = Array.isArray(authorities) ? authorities : [authorities];
  PATH_CASES.push({ name, accepted, leaf, authorities: list, differ });
}

/** A CA with these constraints, critical unless said otherwise, and no names of its own that they touch. */
const permits = (...permitted: Uint8Array[]): Wanted => ({ extensions: [nameConstraints({ permitted })] });
const excludes = (...excluded: Uint8Array[]): Wanted => ({ extensions: [nameConstraints({ excluded })] });
const soft = (constraints: Parameters<typeof nameConstraints>[0]): Wanted => ({
  extensions: [nameConstraints(constraints, false)],
});
const named = (...names: Uint8Array[]): Wanted => ({ extensions: [alternativeNames(...names)] });
const subject = (...rdns: Parameters<typeof dn>): Wanted => ({ subject: dn(...rdns) });

const GO_NO_DN = { go: 'Go does not evaluate directoryName' };
const GO_NO_FORM = { go: 'Go ignores the form where it is not critical' };
const GO_BELOW = { go: 'Go takes a host for a domain' };
const OPENSSL_NO_PURPOSE = { openssl: 'OpenSSL 3.0 has no purpose for code signing' };

// Purposes of the leaf.
add('no purposes', true, {}, {});
for (const critical of [false, true]) {
  const flag = critical ? ', critical' : '';
  const leaf = (...names: string[]): Wanted => ({ extensions: [purposes(names, critical)] });
  add(`codeSigning${flag}`, true, leaf('codeSigning'), {});
  add(`codeSigning and one of its own${flag}`, true, leaf('1.2.3.4', 'codeSigning'), {});
  for (const name of ['serverAuth', 'clientAuth', 'emailProtection', 'timeStamping', 'OCSPSigning']) {
    add(`${name}${flag}`, false, leaf(name), {}, OPENSSL_NO_PURPOSE);
    add(
      `codeSigning and ${name}${flag}`,
      false,
      leaf('codeSigning', name),
      {},
      {
        ...OPENSSL_NO_PURPOSE,
        go: 'Go asks for codeSigning and allows others beside it',
      },
    );
  }
  const any = { ...OPENSSL_NO_PURPOSE, go: 'Go takes any for codeSigning' };
  add(`any${flag}`, false, leaf('anyExtendedKeyUsage'), {}, any);
  add(`codeSigning and any${flag}`, false, leaf('codeSigning', 'anyExtendedKeyUsage'), {}, any);
  add(`one of its own${flag}`, false, leaf('1.2.3.4'), {}, OPENSSL_NO_PURPOSE);
  // Purposes of CAs.
  for (const good of ['codeSigning', 'anyExtendedKeyUsage']) {
    const ca = { extensions: [purposes(['serverAuth', good], critical)] };
    add(`a CA for serverAuth and ${good}${flag}`, true, {}, [{}, ca]);
    add(`a root for serverAuth and ${good}${flag}`, true, leaf('codeSigning'), [ca, {}]);
  }
  for (const bad of ['serverAuth', 'timeStamping', 'emailProtection', 'OCSPSigning', '1.2.3.4']) {
    const ca = { extensions: [purposes([bad], critical)] };
    add(`a CA for ${bad}${flag}`, false, leaf('codeSigning'), [{}, ca], OPENSSL_NO_PURPOSE);
    add(`a root for ${bad}${flag}`, false, {}, [ca, {}], OPENSSL_NO_PURPOSE);
  }
}

// dNSName.
for (const [name, accepted, differ] of [
  ['example.org', true],
  ['a.b.EXAMPLE.org', true],
  ['*.example.org', true],
  ['notexample.org', false],
  ['example.org.evil.net', false],
  ['org', false],
  ['example.org.', false],
  ['', false],
  ['a b.example.org', false, { openssl: 'OpenSSL compares the end alone' }],
  ['evil.net\0.example.org', false, { openssl: 'OpenSSL compares the end alone' }],
] as [string, boolean, PathCase['differ']?][]) {
  add(
    `dNSName ${JSON.stringify(name)} below example.org`,
    accepted,
    named(dns(name)),
    permits(dns('example.org')),
    differ,
  );
}
add('dNSName that is excluded', false, named(dns('a.example.org')), excludes(dns('example.org')));
add('dNSName that is not excluded', true, named(dns('example.net')), excludes(dns('example.org')));
add(
  'dNSName with a dot after it, excluded',
  false,
  named(dns('example.org.')),
  excludes(dns('example.org')),
  {
    openssl: 'OpenSSL takes the dot for part of the name',
  },
);
add(
  'a wildcard that reaches an excluded name',
  false,
  named(dns('*.example.org')),
  excludes(dns('a.example.org')),
  {
    openssl: 'OpenSSL takes the asterisk for a label',
  },
);
add('a wildcard that does not', true, named(dns('*.example.org')), excludes(dns('a.b.example.org')));
add('an empty dNSName permits all', true, named(dns('a.example')), permits(dns('')));
add('an empty dNSName excludes all', false, named(dns('a.example')), excludes(dns('')));
add('a leading dot in a dNSName: below it', true, named(dns('a.example.org')), permits(dns('.example.org')));
add('a leading dot in a dNSName: itself', false, named(dns('example.org')), permits(dns('.example.org')));
add('no dNSName at all', true, subject(['CN', 'release']), permits(dns('example.org')));
add('a common name is no dNSName', true, subject(['CN', 'evil.net']), permits(dns('example.org')), {
  openssl: 'OpenSSL takes a common name with a dot for a dNSName',
});
add(
  'one of two names is outside',
  false,
  named(dns('example.org'), dns('x.net')),
  permits(dns('example.org')),
);
add('permitted and excluded', false, named(dns('a.b.org')), {
  extensions: [nameConstraints({ permitted: [dns('b.org')], excluded: [dns('a.b.org')] })],
});
add('one of two permitted', true, named(dns('x.net')), permits(dns('example.org'), dns('x.net')));
add('not critical: outside', false, named(dns('x.net')), soft({ permitted: [dns('example.org')] }));
add('not critical: excluded', false, named(dns('x.net')), soft({ excluded: [dns('x.net')] }));

// rfc822Name, and the e-mail address in a subject.
for (const [base, name, accepted, differ] of [
  ['a@example.org', 'a@EXAMPLE.org', true],
  ['a@example.org', 'A@example.org', false],
  ['a@example.org', 'b@example.org', false],
  ['example.org', 'b@example.org', true],
  ['example.org', 'b@mail.example.org', false, GO_BELOW],
  ['.example.org', 'b@mail.example.org', true],
  ['.example.org', 'b@example.org', false],
  ['example.org', 'b@evil.net@example.org', false, { openssl: 'OpenSSL looks behind the last @' }],
  ['example.org', 'no address', false],
  ['example.org', '"b@x.net"@example.org', false, { openssl: 'spelt in quotes', go: 'Go unquotes it' }],
] as [string, string, boolean, PathCase['differ']?][]) {
  const title = `rfc822Name ${name} under ${base}`;
  add(title, accepted, named(email(name)), permits(email(base)), differ);
}
for (const [name, accepted] of [
  ['a@example.org', true],
  ['a@x.net', false],
] as const) {
  const leaf = subject(['O', 'A'], ['emailAddress', name, 0x16]);
  add(`emailAddress ${name} in the subject`, accepted, leaf, permits(email('example.org')), {
    ...(accepted ? {} : { go: 'Go looks at subjectAltName alone' }),
  });
  add(
    `emailAddress ${name} beside another rfc822Name`,
    accepted,
    { ...leaf, ...named(email('b@example.org')) },
    permits(email('example.org')),
    {
      ...(accepted ? {} : { go: 'Go looks at subjectAltName alone' }),
    },
  );
}
add('an excluded mailbox', false, named(email('a@x.net')), excludes(email('a@x.net')));
add(
  'an internationalized mailbox',
  false,
  named(otherName('1.3.6.1.5.5.7.8.9', 'ä@x.net')),
  permits(email('example.org')),
  {
    go: 'Go ignores otherName',
  },
);

// uniformResourceIdentifier.
for (const [base, name, accepted, differ] of [
  ['host.example.org', 'https://host.example.org/x', true],
  ['host.example.org', 'https://HOST.example.org:8443', true],
  ['host.example.org', 'spiffe://a.host.example.org/x', false, GO_BELOW],
  ['.example.org', 'spiffe://a.b.example.org/x', true],
  ['.example.org', 'spiffe://example.org/x', false],
  [
    'example.org',
    'https://user@example.org/',
    true,
    { openssl: 'OpenSSL takes user information for the host' },
  ],
  ['example.org', 'https://evil.net\\@example.org/', false],
  ['example.org', 'https://evil.net/@example.org/', false],
  ['example.org', 'https://evil.net#@example.org/', false],
  ['example.org', 'urn:x:example.org', false],
  ['example.org', '/example.org', false],
  ['10.0.0.1', 'https://10.0.0.1/', false, { openssl: 'OpenSSL does not tell addresses from hosts' }],
] as [string, string, boolean, PathCase['differ']?][]) {
  add(`URI ${name} under ${base}`, accepted, named(uri(name)), permits(uri(base)), differ);
}
add('an excluded URI', false, named(uri('https://a.x.net/')), excludes(uri('.x.net')));
add('a URI without a host, with another excluded', false, named(uri('urn:a:b')), excludes(uri('.x.net')));

// iPAddress.
const TEN = [10, 0, 0, 0, 255, 0, 0, 0];
const V6 = [0x20, 0x01, 0x0d, 0xb8, ...new Array<number>(12).fill(0)];
const V6_32 = [...V6, 255, 255, 255, 255, ...new Array<number>(12).fill(0)];
add('an address in the network', true, named(ip(10, 1, 2, 3)), permits(ip(...TEN)));
add('an address outside it', false, named(ip(11, 1, 2, 3)), permits(ip(...TEN)));
add('an excluded address', false, named(ip(10, 1, 2, 3)), excludes(ip(...TEN)));
add('IPv6 in its network', true, named(ip(...V6.slice(0, 15), 1)), permits(ip(...V6_32)));
add('IPv6 outside it', false, named(ip(0x30, ...V6.slice(1))), permits(ip(...V6_32)));
add('IPv6 where IPv4 is permitted', false, named(ip(...V6)), permits(ip(...TEN)));
add(
  'both where both are permitted',
  true,
  named(ip(...V6), ip(10, 0, 0, 1)),
  permits(ip(...V6_32), ip(...TEN)),
);
add('a mask with gaps', false, named(ip(10, 1, 2, 3)), permits(ip(10, 0, 0, 0, 255, 0, 255, 0)), {});
add(
  'a mask with gaps that takes it',
  false,
  named(ip(10, 1, 0, 3)),
  permits(ip(10, 0, 0, 0, 255, 0, 255, 0)),
  {
    openssl: 'OpenSSL applies any mask',
  },
);

// directoryName: the subject and its own form.
const ACME = directory(['C', 'US'], ['O', 'Acme']);
for (const [title, accepted, rdns] of [
  [
    'below',
    true,
    [
      ['C', 'US'],
      ['O', 'Acme'],
      ['CN', 'x'],
    ],
  ],
  [
    'itself',
    true,
    [
      ['C', 'US'],
      ['O', 'Acme'],
    ],
  ],
  [
    'in other letters and blanks',
    true,
    [
      ['C', 'us', 0x13],
      ['O', '  aCME  ', 0x13],
      ['CN', 'x'],
    ],
  ],
  [
    'as a BMPString',
    true,
    [
      ['C', 'US', 0x13],
      ['O', 'Acme', 0x1e],
    ],
  ],
  [
    'of another country',
    false,
    [
      ['C', 'DE'],
      ['O', 'Acme'],
      ['CN', 'x'],
    ],
  ],
  [
    'in another order',
    false,
    [
      ['O', 'Acme'],
      ['C', 'US'],
      ['CN', 'x'],
    ],
  ],
  [
    'deeper',
    false,
    [
      ['CN', 'x'],
      ['C', 'US'],
      ['O', 'Acme'],
    ],
  ],
  ['above', false, [['C', 'US']]],
  [
    'with another attribute in the RDN',
    false,
    [
      ['C', 'US'],
      [
        ['O', 'Acme'],
        ['OU', 'y'],
      ],
    ],
  ],
  [
    'that begins alike',
    false,
    [
      ['C', 'US'],
      ['O', 'Acme2'],
    ],
  ],
] as unknown as [string, boolean, Parameters<typeof dn>][]) {
  const leaf = subject(...rdns);
  add(`a subject ${title}: permitted`, accepted, leaf, permits(ACME), {
    ...(accepted ? { go: 'Go refuses critical constraints on directoryName' } : {}),
  });
  add(
    `a subject ${title}: permitted, not critical`,
    accepted,
    leaf,
    soft({ permitted: [ACME] }),
    accepted ? {} : GO_NO_DN,
  );
  add(`a subject ${title}: excluded`, !accepted, leaf, soft({ excluded: [ACME] }), accepted ? GO_NO_DN : {});
  const alternative = { subject: dn(['C', 'US'], ['O', 'Acme']), ...named(directory(...rdns)) };
  add(
    `a directoryName ${title}`,
    accepted,
    alternative,
    soft({ permitted: [ACME] }),
    accepted ? {} : GO_NO_DN,
  );
}
add('an empty directoryName permits all', true, subject(['O', 'x']), soft({ permitted: [directory()] }));
add(
  'an empty directoryName excludes all',
  false,
  subject(['O', 'x']),
  soft({ excluded: [directory()] }),
  GO_NO_DN,
);

// Along the path.
add('two CAs permit: the name is in both', true, named(dns('a.b.org')), [
  permits(dns('b.org')),
  permits(dns('a.b.org')),
]);
add('two CAs permit: in the lower one alone', false, named(dns('x.net')), [
  permits(dns('b.org')),
  permits(dns('x.net')),
]);
add('two CAs permit: in the upper one alone', false, named(dns('c.b.org')), [
  permits(dns('b.org')),
  permits(dns('a.b.org')),
]);
add('the upper CA excludes', false, named(dns('a.b.org')), [excludes(dns('a.b.org')), permits(dns('b.org'))]);
add('different forms of two CAs', false, named(dns('a.b.org'), ip(11, 0, 0, 1)), [
  permits(dns('b.org')),
  permits(ip(...TEN)),
]);
add(
  'the name of a CA in between is outside',
  false,
  subject(['O', 'Acme'], ['CN', 'x']),
  [soft({ permitted: [directory(['O', 'Acme'])] }), subject(['O', 'Other'])],
  GO_NO_DN,
);
add('constraints of the CA on itself', true, subject(['O', 'Acme'], ['CN', 'x']), [
  {},
  { subject: dn(['O', 'Other']), ...soft({ permitted: [directory(['O', 'Acme'])] }) },
]);

// What cannot be compared.
const OTHER = otherName('1.2.3.4', 'x');
add('otherName where one is constrained', false, named(OTHER), soft({ excluded: [OTHER] }), {
  ...GO_NO_FORM,
});
add('otherName where one is permitted', false, named(OTHER), soft({ permitted: [OTHER] }), GO_NO_FORM);
add(
  'registeredID where one is constrained',
  false,
  named(registeredId('1.2.3')),
  soft({ permitted: [registeredId('1.2.3')] }),
  GO_NO_FORM,
);
add('otherName without a constraint on it', true, named(OTHER), permits(dns('example.org')));
add(
  'registeredID constrained, and no such name',
  true,
  named(dns('a.org')),
  soft({ excluded: [registeredId('1.2.3')] }),
);
const minimum = encode(0x80, 1);
const zero = encode(0x80, 0);
const maximum = encode(0x81, 3);
for (const [title, limits, differ] of [
  ['a minimum', [minimum], {}],
  ['a maximum', [maximum], {}],
  ['both', [minimum, maximum], {}],
  ['a minimum of zero, which DER leaves out', [zero], { openssl: 'OpenSSL takes it for the default' }],
] as [string, Uint8Array[], PathCase['differ']][]) {
  const ca = permits(limited(dns('example.org'), ...limits));
  const goIgnores = { go: 'Go ignores what follows the base' };
  add(`a subtree with ${title}`, false, named(dns('example.org')), ca, { ...goIgnores, ...differ });
  add(`a subtree with ${title}, no such name`, true, {}, ca);
}
add(
  'an excluded subtree with a maximum, and another name of the form',
  false,
  named(dns('example.net')),
  excludes(limited(dns('example.org'), maximum)),
  { go: 'Go ignores what follows the base' },
);
add(
  'an excluded mask with gaps, and an address that it does not take',
  false,
  named(ip(10, 1, 2, 3)),
  excludes(ip(10, 0, 0, 0, 255, 0, 255, 0)),
  { openssl: 'OpenSSL applies any mask' },
);
add(
  'an empty subject has no name',
  true,
  { subject: dn(), ...named(dns('example.org')) },
  soft({ permitted: [directory(['O', 'Acme'])] }),
  { kernel: 'it does not parse a certificate without a subject' },
);
add('no subtrees', false, named(dns('a.org')), soft({}), { openssl: 'OpenSSL constrains nothing then' });

function encode(tag: number, value: number): Uint8Array {
  return Uint8Array.of(tag, 1, value);
}
