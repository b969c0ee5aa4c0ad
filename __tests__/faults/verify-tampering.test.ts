import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { LAYER_DIGEST, OWN_PREFIX, ROOT_HASH } from '../../src/model/annotations.ts';
import type { Descriptor } from '../../src/model/index.ts';
import type { EncodedArtifact, SignatureManifest } from '../../src/oci/attach/artifact.ts';
import type { Verdict } from '../../src/report/verify-report.ts';
import { cli } from '../helpers/cli.ts';
import { openssl, type Pki, pki } from '../helpers/pki.ts';
import { testFolder } from '../helpers/temp.ts';
import { vectors, writeVectorImage } from '../helpers/vector-image.ts';
import { BY_MKFS, signatureBy, store, vectorArtifact, verify, withManifest } from '../helpers/verify.ts';

const LAYERS = ['simple-gzip', 'dirs-zstd', 'simple-gzip'];
const STATUS: Record<Verdict, number> = {
  verified: 0,
  'not-signed': 10,
  invalid: 11,
  'not-trusted': 12,
  skipped: 0,
  unchecked: 13,
};
const folder = testFolder();
const pristine = join(folder, 'pristine');
const layout = join(folder, 'layout');
let keys: Pki;
let subject: Descriptor;
/** A good artifact over the layers, by p256. */
let good: EncodedArtifact;

beforeAll(async () => {
  keys = await pki();
  subject = await writeVectorImage(pristine, LAYERS);
  good = await vectorArtifact({ subject, layers: LAYERS });
});

beforeEach(() => {
  rmSync(layout, { recursive: true, force: true });
  cpSync(pristine, layout, { recursive: true });
});

async function expectVerdict(
  verdict: Verdict,
  reason?: RegExp,
  changes: Parameters<typeof verify>[1] = {},
): Promise<Awaited<ReturnType<typeof verify>>> {
  const report = await verify(`oci:${layout}`, changes);
  expect({ verdict: report.verdict, reason: report.reason ?? '' }).toEqual({
    verdict,
    reason: expect.stringMatching(reason ?? /.*/),
  });
  return report;
}

/** The entry at this position; its annotations may be changed. */
function entryOf(manifest: SignatureManifest, index: number) {
  const entry = manifest.layers[index];
  if (entry?.annotations === undefined) throw new TypeError(`no entry ${index}`);
  return { ...entry, annotations: entry.annotations };
}

const other = 'ab'.repeat(32);

test('the artifact that the tests start from verifies', async () => {
  await store(layout, good);
  await expectVerdict('verified', undefined, { strict: true });
});

describe('fault 66: tampering with one artifact', () => {
  test.each<[string, RegExp, (manifest: SignatureManifest) => void]>([
    [
      'an altered root hash annotation',
      /layer 1: the PKCS#7 signature is not one over the root hash abab/,
      (manifest) => {
        entryOf(manifest, 1).annotations[ROOT_HASH] = other;
      },
    ],
    [
      'an altered root hash of a layer that occurs twice',
      /two root hashes for sha256:/,
      (manifest) => {
        entryOf(manifest, 2).annotations[ROOT_HASH] = other;
      },
    ],
    [
      'the signatures of two layers swapped',
      /layer 0: the PKCS#7 signature is not one over/,
      ({ layers }) => {
        const [a, b] = [layers[0], layers[1]];
        if (a === undefined || b === undefined) return;
        [a.digest, b.digest] = [b.digest, a.digest];
        [a.size, b.size] = [b.size, a.size];
      },
    ],
    [
      'two entries swapped',
      /entry 0 is for "sha256:.*the image has sha256:/,
      ({ layers }) => {
        layers.splice(0, 2, ...layers.slice(0, 2).reverse());
      },
    ],
    ['a missing entry', /2 entries for 3 layers/, ({ layers }) => void layers.pop()],
    [
      'an extra entry',
      /entry 3 is for "sha256:.*the image has fewer layers/,
      ({ layers }) => void layers.push(...layers.slice(0, 1)),
    ],
    ['no entry at all', /0 entries for 3 layers/, ({ layers }) => void layers.splice(0)],
    [
      'the layer digest of another layer',
      /entry 1 is for "sha256:/,
      (manifest) => {
        entryOf(manifest, 1).annotations[LAYER_DIGEST] = entryOf(manifest, 0).annotations[LAYER_DIGEST] ?? '';
      },
    ],
    [
      'a root hash in uppercase',
      /is not 64 lowercase hex digits/,
      (manifest) => {
        const { annotations } = entryOf(manifest, 1);
        annotations[ROOT_HASH] = annotations[ROOT_HASH]?.toUpperCase() ?? '';
      },
    ],
    [
      'no root hash',
      /entry 0 has no root hash/,
      (manifest) => {
        delete entryOf(manifest, 0).annotations[ROOT_HASH];
      },
    ],
    [
      'a subject of another size',
      /its subject is sha256:/,
      (manifest) => {
        manifest.subject.size += 1;
      },
    ],
    [
      'one signature for two entries, with another size in the second',
      /has two sizes: one descriptor says (\d+) bytes, another (?!\1)/,
      ({ layers: [first, , third] }) => {
        if (first === undefined || third === undefined) return;
        Object.assign(third, { digest: first.digest, size: first.size + 1 });
      },
    ],
    [
      'a signature of another media type',
      /not PKCS#7/,
      ({ layers: [entry] }) => {
        if (entry !== undefined) entry.mediaType = 'application/octet-stream';
      },
    ],
    [
      'another mark',
      /dm-verity\.signature is "false"/,
      ({ annotations }) => {
        annotations['io.cncf.notary.dm-verity.signature'] = 'false';
      },
    ],
    [
      'a profile that is none',
      /records the profile "constructor"/,
      ({ annotations }) => {
        annotations[`${OWN_PREFIX}profile`] = 'constructor';
      },
    ],
    [
      'mkfs options that write elsewhere',
      /unsupported mkfs options/,
      ({ annotations }) => {
        annotations[`${OWN_PREFIX}mkfs-options`] = '-T0 --blobdev=/dev/sda';
      },
    ],
    [
      'mkfs options that read a file of this machine',
      /not accepted from a signature manifest/,
      ({ annotations }) => {
        annotations[`${OWN_PREFIX}mkfs-options`] = '-T0 --file-con=/etc/shadow';
      },
    ],
  ])('%s', async (_what, reason, change) => {
    await store(layout, withManifest(good, change));
    await expectVerdict('invalid', reason);
    // A good one beside it wins, and the other one is told.
    await store(layout, good);
    const both = await expectVerdict('verified');
    expect(both.platforms[0]?.signatures.map(({ verdict }) => verdict).sort()).toEqual([
      'invalid',
      'verified',
    ]);
    expect(both.platforms[0]?.signatures.find(({ verdict }) => verdict === 'invalid')?.reason).toMatch(
      reason,
    );
    await expectVerdict('invalid', /^strict: referrer sha256:/, { strict: true });
  });

  test('mkfs options that mkfs.erofs does not know: only mkfs.erofs can say so', async () => {
    const unknown = withManifest(good, ({ annotations }) => {
      annotations[`${OWN_PREFIX}mkfs-options`] = '-T0 --no-such-option';
    });
    await store(layout, unknown);
    await expectVerdict('unchecked', /layer 0: /);
    await expectVerdict('invalid', /layer 0: /, BY_MKFS);
    await store(layout, good);
    await expectVerdict('verified');
    await expectVerdict('verified', undefined, BY_MKFS);
    await expectVerdict('invalid', /^strict: referrer sha256:/, { ...BY_MKFS, strict: true });
  });

  test('the subject of another image: it is no referrer of this one', async () => {
    const elsewhere = await writeVectorImage(join(folder, 'elsewhere'), ['dirs-zstd']);
    await store(layout, await vectorArtifact({ subject: elsewhere, layers: LAYERS }));
    await expectVerdict('not-signed', /no dm-verity signatures are attached/);
  });

  test('signatures of another image with this subject', async () => {
    await store(
      layout,
      await vectorArtifact({ subject, layers: ['modes-gzip', 'dirs-zstd', 'simple-gzip'] }),
    );
    await expectVerdict('invalid', /entry 0 is for/);
  });

  test('root hashes of other layers, signed by the right key, under the digests of these', async () => {
    const swapped = await vectorArtifact({
      subject,
      layers: ['simple-gzip', 'dirs-zstd'],
      entries: ([a, b]) => {
        if (a === undefined || b === undefined) return [];
        const first = { ...b, layerDigest: a.layerDigest };
        return [first, { ...a, layerDigest: b.layerDigest }, first];
      },
    });
    await store(layout, swapped);
    const report = await expectVerdict(
      'invalid',
      /layer 0: the signed root hash is not the layer's: it is that of layer 1/,
    );
    expect(report.platforms[0]?.signatures[0]?.layers.map(({ verdict }) => verdict)).toEqual([
      'invalid',
      'invalid',
      'invalid',
    ]);
    // Without building it cannot be seen, and that is said.
    const unbuilt = await expectVerdict('verified', undefined, { recompute: false });
    expect(unbuilt.notes[0]).toMatch(/the signer is proven, but not that the hashes belong/);
  });

  test('duplicates that disagree: the right one wins, without building neither does', async () => {
    const pkcs7 = await signatureBy('p256', other);
    const wrong = await vectorArtifact({
      subject,
      layers: LAYERS,
      entries: ([a, b, c]) => (a && b && c ? [a, { ...b, rootHash: other, pkcs7 }, c] : []),
    });
    await store(layout, wrong);
    await store(layout, good);
    const report = await expectVerdict('verified');
    expect(report.platforms[0]?.signatures.find(({ verdict }) => verdict === 'invalid')?.reason).toMatch(
      /layer 1: the signed root hash is not the layer's: the layer's bytes differ/,
    );
    expect(report.platforms[0]?.profiles[0]?.referrer).toBe(good.descriptor.digest);
    await expectVerdict('invalid', /both trusted but disagree/, { recompute: false });
  });

  test('an untrusted one beside a good one: the good one wins, the other is told', async () => {
    await store(layout, await vectorArtifact({ subject, layers: LAYERS, signer: 'rogue' }));
    await expectVerdict('not-trusted', /"CN=rogue,.* does not lead to any trusted certificate/);
    await store(layout, good);
    const report = await expectVerdict('verified');
    expect(report.platforms[0]?.signatures.map(({ verdict }) => verdict)).toEqual([
      'not-trusted',
      'verified',
    ]);
    await expectVerdict('not-trusted', /^strict: /, { strict: true });
  });

  test('one layer signed by somebody else', async () => {
    const rootHash = vectors().find(({ name }) => name === 'dirs-zstd')?.profiles.containerd.rootHash ?? '';
    const pkcs7 = await signatureBy('rogue', rootHash);
    const mixed = await vectorArtifact({
      subject,
      layers: LAYERS,
      entries: ([a, b, c]) => (a && b && c ? [a, { ...b, pkcs7 }, c] : []),
    });
    await store(layout, mixed);
    await expectVerdict('not-trusted', /layer 1: .*CN=rogue/);
  });

  test('the referrer deleted: not signed', async () => {
    await store(layout, good);
    const index = join(layout, 'index.json');
    const { manifests, ...rest } = JSON.parse(await readFile(index, 'utf8')) as { manifests: Descriptor[] };
    const kept = manifests.filter(({ digest }) => digest !== good.descriptor.digest);
    writeFileSync(index, JSON.stringify({ ...rest, manifests: kept }));
    await expectVerdict('not-signed');
  });

  test('a signature blob that is gone or changed', async () => {
    await store(layout, good);
    const blob = join(layout, 'blobs', good.manifest.layers[1]?.digest.replace(':', '/') ?? '');
    const bytes = await readFile(blob);
    rmSync(blob);
    await expectVerdict('invalid', /lacks blobs\/sha256/);
    writeFileSync(blob, bytes.with(100, (bytes[100] ?? 0) ^ 1));
    await expectVerdict('invalid', /has digest sha256:/);
  });

  test('a layer blob that is changed: found by building, and only then', async () => {
    await store(layout, good);
    const blob = join(
      layout,
      'blobs',
      good.manifest.layers[1]?.annotations?.[LAYER_DIGEST]?.replace(':', '/') ?? '',
    );
    const bytes = await readFile(blob);
    writeFileSync(blob, bytes.with(bytes.length - 1, (bytes.at(-1) ?? 0) ^ 1));
    await expectVerdict('invalid', /layer 1: /);
    await expectVerdict('verified', undefined, { recompute: false });
  });

  test('an image manifest that is changed', async () => {
    await store(layout, good);
    const blob = join(layout, 'blobs', subject.digest.replace(':', '/'));
    writeFileSync(blob, (await readFile(blob)).toString().replace('gzip', 'zstd'));
    await expectVerdict('invalid', /has digest sha256:/);
  });

  test('an image without layers is not signed by an artifact without entries', async () => {
    const empty = await writeVectorImage(layout, []);
    await store(layout, await vectorArtifact({ subject: empty, layers: [] }));
    await expectVerdict('not-signed', /no layer/);
    await expectVerdict('not-signed', /no layer/, { recompute: false });
  });
});

describe('faults 43 and 46: certificates', () => {
  test.each<[string, string, RegExp]>([
    ['an expired one', 'expired', /expired on 2021/],
    ['one that is not valid yet', 'notYetValid', /is not valid before 2060/],
    ['one that no trusted certificate issued', 'selfSigned', /does not lead to any trusted certificate/],
    ['one under another root', 'p384', /does not lead to any trusted certificate/],
    ['one issued by what is no CA', 'underNoCa', /is not a CA certificate/],
    ['one under too many CAs', 'underTooDeep', /allows at most 0 CA certificates below it/],
  ])('%s: not trusted', async (_what, signer, reason) => {
    await store(layout, await forced(signer));
    await expectVerdict('not-trusted', reason, { recompute: false });
  });

  test('an expired one with allow-expired', async () => {
    await store(layout, await forced('expired'));
    const report = await expectVerdict('verified', undefined, { allowExpired: true });
    expect(report.platforms[0]?.signatures[0]?.notes.join()).toMatch(/expired on 2021/);
    await store(layout, await forced('notYetValid'));
    await expectVerdict('not-trusted', /not valid before/, { allowExpired: true, strict: true });
  });

  test('an intermediate is missing', async () => {
    await store(layout, await forced('chained', ['chained']));
    await expectVerdict('not-trusted', /does not lead to any trusted certificate/, { recompute: false });
    await expectVerdict('verified', undefined, {
      recompute: false,
      trustedCertificates: [join(keys.dir, 'issuing.pem')],
    });
  });

  test('the intermediates in any order: the signer is found', async () => {
    await store(layout, await forced('chained', ['intermediate', 'chained', 'issuing']));
    await expectVerdict('verified', undefined, { recompute: false });
  });

  test.each<[string, RegExp]>([
    ['sha1', /signed with SHA-1/],
    ['rsa1024', /RSA key of 1024 bits/],
    ['rsa2560', /RSA key of 2560 bits/],
    ['secp256k1', /secp256k1/],
    ['pssSigned', /signed with RSASSA-PSS/],
  ])('%s, which the kernel does not take: invalid', async (signer, reason) => {
    await store(layout, await forced(signer));
    await expectVerdict('invalid', reason, { recompute: false });
  });
});

describe('PKCS#7 that the kernel would not take', () => {
  const smime = ['smime', '-sign', '-binary', '-outform', 'DER'];
  const rsa = (...more: string[]) => [...smime, ...more, '-signer', 'rsa2048.pem', '-inkey', 'rsa2048.key'];
  test.each<[string, RegExp, (rootHash: string) => string | Buffer, string[]]>([
    ['with attributes', /it has signed attributes/, (hash) => hash, rsa()],
    [
      'with RSASSA-PSS',
      /RSASSA-PSS/,
      (hash) => hash,
      [
        'cms',
        ...smime.slice(1),
        '-noattr',
        '-signer',
        'rsa2048.pem',
        '-inkey',
        'rsa2048.key',
        '-keyopt',
        'rsa_padding_mode:pss',
      ],
    ],
    [
      'over the raw bytes',
      /over the 32 raw bytes of the root hash/,
      (hash) => Buffer.from(hash, 'hex'),
      rsa('-noattr'),
    ],
    ['over uppercase hex', /over the root hash in uppercase/, (hash) => hash.toUpperCase(), rsa('-noattr')],
    ['over a line', /over the root hash and a line end/, (hash) => `${hash}\n`, rsa('-noattr')],
    ['over something else', /not one over the root hash/, () => 'something else', rsa('-noattr')],
    ['as PEM', /PEM, not DER/, (hash) => hash, rsa('-noattr').map((word) => (word === 'DER' ? 'PEM' : word))],
    [
      'with two signers',
      /2 signers instead of one/,
      (hash) => hash,
      [...rsa('-noattr'), '-signer', 'p256.pem', '-inkey', 'p256.key'],
    ],
    ['with the content', /embedded content/, (hash) => hash, rsa('-noattr', '-nodetach')],
    [
      'without a certificate',
      /does not embed the signer's certificate/,
      (hash) => hash,
      rsa('-noattr', '-nocerts'),
    ],
    ['with SHA-1', /uses the digest SHA-1/, (hash) => hash, rsa('-noattr', '-md', 'sha1')],
  ])('%s: invalid', async (_what, reason, content, command) => {
    const bad = await vectorArtifact({ subject, layers: LAYERS, entries: (entries) => entries });
    const rootHash = bad.manifest.layers[1]?.annotations?.[ROOT_HASH] ?? '';
    const file = join(folder, 'content');
    writeFileSync(file, content(rootHash));
    const out = join(folder, 'signature');
    await openssl([...command, '-in', file, '-out', out], keys.dir);
    const pkcs7 = await readFile(out);
    const artifact = await vectorArtifact({
      subject,
      layers: LAYERS,
      entries: ([a, b, c]) => (a && b && c ? [a, { ...b, pkcs7 }, c] : []),
    });
    await store(layout, artifact);
    await expectVerdict('invalid', reason, { recompute: false });
  });

  test('with the issuer of another certificate: invalid', async () => {
    const artifact = await vectorArtifact({
      subject,
      layers: LAYERS,
      entries: ([a, b, c]) => (a && b && c ? [a, { ...b, pkcs7: renamedIssuer(b.pkcs7) }, c] : []),
    });
    await store(layout, artifact);
    await expectVerdict('invalid', /no embedded certificate with the issuer and serial number/, {
      recompute: false,
    });
  });
});

describe('the command line', () => {
  const args = (...more: string[]) => [
    ...['verify', `oci:${layout}`, '--trusted-certificate', join(keys.dir, 'root.pem'), '--recompute=false'],
    ...more,
  ];

  test.each<[Verdict, () => Promise<void>]>([
    ['verified', () => store(layout, good)],
    ['not-signed', async () => undefined],
    [
      'invalid',
      () =>
        store(
          layout,
          withManifest(good, ({ layers }) => void layers.pop()),
        ),
    ],
    [
      'not-trusted',
      async () => store(layout, await vectorArtifact({ subject, layers: LAYERS, signer: 'rogue' })),
    ],
  ])('ends with the status of %s', async (verdict, prepare) => {
    await prepare();
    const report = join(folder, 'report.json');
    const { status, stderr } = await cli(args('--report', report));
    expect(status).toBe(STATUS[verdict]);
    expect(JSON.parse(await readFile(report, 'utf8'))).toMatchObject([{ verdict }]);
    expect(stderr.includes('verity-sign: oci:')).toBe(verdict !== 'verified');
  });

  test('ends with the status of what could not be checked, and that of the worst of several images', async () => {
    const nowhere = args('--plain-http').with(1, '127.0.0.1:1/nothing:here');
    expect(await cli(nowhere)).toMatchObject({ status: STATUS.unchecked });
    const { status, stderr } = await cli([...nowhere, `oci:${layout}`]);
    expect(status).toBe(STATUS['not-signed']);
    expect(stderr).toMatch(/COULD NOT BE CHECKED[\s\S]*NOT SIGNED/);
  });

  test('ends with 13 where mkfs.erofs is missing, but only if it is needed', async () => {
    await store(layout, good);
    const missing = args('--builder', 'mkfs', '--mkfs-path', '/nonexistent/mkfs.erofs');
    expect(await cli(missing)).toMatchObject({ status: 0 });
    const needed = missing.map((word) => (word === '--recompute=false' ? '--recompute' : word));
    const { status, stdout } = await cli(needed);
    expect(status).toBe(STATUS.unchecked);
    expect(stdout).toMatch(/referrer sha256:.*COULD NOT BE CHECKED\n/);
    // The reason is said once, at the end.
    expect(stdout).toMatch(/COULD NOT BE CHECKED \(.*: \S+ is not an executable file/);
  });

  test('refuses mkfs options that do not do before any work', async () => {
    const { status, stderr } = await cli(args('--mkfs-options', '--mkfs-time'));
    expect(status).toBe(2);
    expect(stderr).toMatch(/mkfs-options has no -T/);
  });

  test('wants somebody to trust', async () => {
    const { status, stderr } = await cli(['verify', `oci:${layout}`]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/trusted-certificate.*trust-store.*no certificate is trusted by default/);
  });
});

/** An artifact by a certificate that `sign` would refuse, through openssl; by default with its whole chain. */
async function forced(signer: string, embedded?: string[]): Promise<EncodedArtifact> {
  const { keyPath, certPath, chainPath } = keys.leaf(signer);
  const chain = join(folder, `${signer}.embedded.pem`);
  const texts = await Promise.all(
    (embedded ?? []).map((name) => readFile(join(keys.dir, `${name}.pem`), 'utf8')),
  );
  writeFileSync(chain, embedded === undefined ? await readFile(chainPath) : texts.join(''));
  const signed = new Map<string, Buffer>();
  for (const name of new Set(LAYERS)) {
    const { digest, profiles } = vectors().find((vector) => vector.name === name) ?? { digest: '' };
    const [content, out] = [join(folder, 'forced-content'), join(folder, 'forced-signature')];
    writeFileSync(content, profiles?.containerd.rootHash ?? '');
    await openssl(
      [
        ...['smime', '-sign', '-binary', '-noattr', '-md', 'sha256', '-outform', 'DER', '-in', content],
        ...['-signer', certPath, '-inkey', keyPath, '-certfile', chain, '-out', out],
      ],
      folder,
    );
    signed.set(digest, await readFile(out));
  }
  return vectorArtifact({
    subject,
    layers: LAYERS,
    entries: (entries) =>
      entries.map((entry) => ({ ...entry, pkcs7: signed.get(entry.layerDigest) ?? entry.pkcs7 })),
  });
}

/** Changes the issuer in the SignerInfo, which is the last place where it stands. */
function renamedIssuer(pkcs7: Uint8Array): Uint8Array {
  const bytes = Buffer.from(pkcs7);
  const at = bytes.lastIndexOf('Layer signing test');
  bytes.write('Other signing test', at);
  return bytes;
}
