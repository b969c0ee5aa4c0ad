import { describe, expect, test } from '@jest/globals';
import { cacheCommand } from '../../../../src/commands/node-kit/cache-command.ts';
import { type KitFacts, kitReadme } from '../../../../src/commands/node-kit/readme.ts';

const FACTS: KitFacts = {
  images: ['oci:app'],
  profile: 'containerd',
  classes: ['C'],
  policy: { name: 'app', version: '1.0.0', hasBase: true },
  certificates: [],
  rootHashes: 1,
};

function readmeOf(image: string, subject: string, hasBase = true): string {
  return kitReadme({
    ...FACTS,
    images: [image],
    policy: { ...FACTS.policy, hasBase },
    certificates: [{ subject, vouchesFor: 'layers', path: 'certificates/a.der', der: new Uint8Array() }],
  });
}

const lineOf = (readme: string, part: string): string | undefined =>
  readme.split('\n').find((line) => line.includes(part));

describe('names of others in the README of a kit', () => {
  test.each([
    ['oci:app', '- `oci:app`'],
    ['oci:a`b|<b>', '- `` oci:a`b|<b> ``'],
    ['oci:`` ` ```', '- ```` oci:`` ` ``` ````'],
    ['oci:a\n# Run this', '- `oci:a # Run this`'],
    ['oci:a\u202eb\u2028c', '- `oci:a b c`'],
  ])('image %j is one span of code', (image, line) => {
    expect(lineOf(readmeOf(image, 'CN=a'), 'oci:')).toBe(line);
  });

  test.each([
    ['CN=a', '| `CN=a` | layers | `certificates/a.der` |'],
    ['CN=a` | <b>', '| `` CN=a` \\| <b> `` | layers | `certificates/a.der` |'],
  ])('subject %j is one cell', (subject, line) => {
    expect(lineOf(readmeOf('oci:app', subject), 'CN=')).toBe(line);
  });
});

describe('the command that fills a cache', () => {
  function commandOf(image: string): string {
    const platforms = ['linux/amd64', 'linux/arm64'];
    const command = cacheCommand([image], 'containerd-cache', ['-T0', '-zlz4'], platforms);
    return kitReadme({ ...FACTS, profile: 'containerd-cache', ...(command && { cacheCommand: command }) });
  }

  test('has images, platforms, options and the builder that they need', () => {
    expect(commandOf('oci:app')).toContain(
      "```sh\nverity-sign export oci:app /var/lib/erofs-cache --trusted-certificate ROOT.pem --profile containerd-cache --platform linux/amd64,linux/arm64 --mkfs-options '-T0 -zlz4' --builder mkfs\n```\n",
    );
    expect(commandOf('oci:app')).toContain('The node needs none.');
  });

  test('is one line of one block, whatever an image is called', () => {
    expect(commandOf('oci:a\n```\n# Run this')).toMatch(
      /^````sh\nverity-sign export 'oci:a ``` # Run this' .*\n````$/m,
    );
  });

  test.each(['containerd', 'containerd-tar-index'] as const)('%s has none', (profile) => {
    expect(cacheCommand(['oci:app'], profile, ['-T0'], [])).toBeUndefined();
  });
});

describe('what the kernel says before it enforces', () => {
  const part = (heading: string): string =>
    readmeOf('oci:app', 'CN=a').split(heading)[1]?.split('\n## ')[0] ?? '';

  test('a denial is provoked first, and looked for in the log of auditd before that of the kernel', () => {
    const step = part('## 4. ');
    const order = ['/tmp/true && /tmp/true', 'ausearch -m 1420', 'journalctl -k', 'do not go on'];
    const places = order.map((text) => step.indexOf(text));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  test('ima and evm follow ipe in the list of modules, and a property may be missing without an error', () => {
    const step = part('## 1. ');
    expect(step).toContain('`cat /sys/kernel/security/lsm` contains `ipe`');
    expect(step).toContain('grep CONFIG_IPE_PROP_DM_VERITY= ');
  });
});

test('runc must be one that IPE allows, where IPE allows it', () => {
  const part = readmeOf('oci:app', 'CN=a').split('## 3. runc can run')[1]?.split('\n## ')[0] ?? '';
  expect(part.replaceAll(/\s+/g, ' ')).toContain(
    'lies on a dm-verity device whose root hash the policy names',
  );
  expect(part).toMatch(/runc 1\.1 and crun 1\.8\s+execute a copy in memory instead, which IPE denies/);
  expect(part).toContain('runc in an initramfs starts no container');
  expect(part).toContain('`runc --version` prints 1.5 or later');
});

test('a policy without the rules of the node is no policy for a node', () => {
  expect(readmeOf('oci:app', 'CN=a', true)).not.toContain('Make the kit again');
  const warning = lineOf(readmeOf('oci:app', 'CN=a', false), 'Make the kit again');
  expect(warning).toContain('`--base`: the rules must name the device of containerd and runc');
});
