import { createHash } from 'node:crypto';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Report } from '../../scripts/kernel/guest-report.ts';
import { CASES } from './cases.ts';
import { DENIED, DROPPED } from './dropped.ts';
import { root, tool } from './root.ts';
import { EMPTY_LAYER, type KernelRun, PROFILES, runKernel } from './setup.ts';
import { layerNumber, OWN_PROGRAMS, type SignedStack } from './stacks.ts';
import { renderRun, updatePage, withoutVersions } from './table.ts';

const STACKS = ['debian-containerd', ...PROFILES.map((profile) => `odd-${profile}`)];

let folder: string;
let run: KernelRun;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kernel-test-'));
  run = await runKernel(folder);
});

afterAll(() => root(['rm', '-rf', folder]));

function stack(name: string): SignedStack {
  const found = run.stacks.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no stack is called ${name}`);
  return found;
}

/** The guest that requires signatures and enforces the policy. */
function guestOf(name: string): Report {
  return name.startsWith('debian') ? run.debian : run.enforcing;
}

describe('the guests', () => {
  test('are a Linux of 6.12 or later, set as the tests say', () => {
    const settings = (report: Report) => [
      report.outcome('require_signatures'),
      report.outcome('ipe_enforce'),
    ];
    const { debian, enforcing, before, ipeOnly } = run;
    expect(settings(enforcing)).toEqual(['Y', '1']);
    expect(settings(debian)).toEqual(['Y', '1']);
    expect(settings(ipeOnly)).toEqual(['N', '1']);
    expect(settings(before)).toEqual(['N', '0']);
    const [major = 0, minor = 0] = (enforcing.outcome('done') ?? '').split('.').map(Number);
    expect(major * 100 + minor).toBeGreaterThanOrEqual(612);
  });

  test('list trees with the SHA-256 of contents', async () => {
    const sample = join(folder, 'sample');
    await tool('mkdir', [sample]);
    for (const size of [0, 1, 55, 56, 63, 64, 119, 120, 300_000]) {
      const bytes = Buffer.alloc(size, 'sample');
      await writeFile(join(sample, 'file'), bytes);
      const listed = (await tool(join(folder, 'tree'), ['list', sample])).toString();
      expect(listed).toContain(` ${size} sha256:${createHash('sha256').update(bytes).digest('hex')}`);
    }
  });
});

describe.each(STACKS)('what dist signed, fetched back from a registry: %s', (name) => {
  test('the root hash of each layer is that of the node’s file', () => {
    const { layers, signatures, image } = stack(name);
    expect(signatures.map(({ layerDigest }) => layerDigest)).toEqual(
      image.layers.map(({ digest }) => digest),
    );
    expect(signatures.map(({ rootHash }) => rootHash)).toEqual(layers.map(({ rootHash }) => rootHash));
    const blockSize = name === 'odd-containerd-tar-index' ? 512 : 4096;
    for (const layer of layers) expect(layer.blockSize).toBe(blockSize);
  });

  test('the kernel activates and mounts every layer', () => {
    const all = Object.fromEntries(stack(name).layers.map((_, at) => [layerNumber(at), 'OK']));
    expect(Object.keys(all).length).toBeGreaterThan(2);
    expect(guestOf(name).outcomes(`open/${name}/`)).toEqual(all);
    expect(guestOf(name).outcomes(`mount/${name}/`)).toEqual(all);
    expect(guestOf(name).outcome(`stack/${name}`)).toBe('OK');
  });

  test('each mounted layer is its tar: files, modes, owners, attributes, links, whiteouts', () => {
    const { layers, image } = stack(name);
    const mounted = layers.map((_, at) => guestOf(name).tree(`${name}/${layerNumber(at)}`));
    expect(mounted).toEqual(run.references[image.name]?.layers);
  });

  test('the stack is the tars extracted one over the other', () => {
    const { image } = stack(name);
    const merged = guestOf(name).tree(`${name}/merged`);
    expect(merged?.length).toBeGreaterThan(100);
    expect(merged).toEqual(run.references[image.name]?.merged);
  });

  test('the image’s own programs run in a container under the policy', () => {
    const { image } = stack(name);
    const programs = OWN_PROGRAMS.filter(([, from]) => from === image.name);
    expect(programs.length).toBeGreaterThan(2);
    for (const [program, , , output] of programs) {
      expect(guestOf(name).outcome(`own/${name}/${program}`)).toMatch(new RegExp(`^OK ?${output}`));
    }
  });
});

test('the odd image has what it is compared for', () => {
  const merged = run.references.odd?.merged ?? [];
  const line = (path: string) => merged.find((one) => one.startsWith(`${path} `))?.slice(path.length + 1);
  expect(line('/etc/removed')).toBeUndefined();
  expect(line('/opt/app/temporary')).toBeUndefined();
  expect(line('/opt/replaced')).toBe('d0711 0:0');
  expect(line('/opt/replaced/below')).toBeUndefined();
  expect(line('/etc/file-then-folder/new')).toBeDefined();
  expect(line('/etc/folder-then-file')).toMatch(/^-0644 /);
  expect(line('/etc/folder-then-file/inside')).toBeUndefined();
  expect(line('/etc/mode-changes')).toMatch(/^-6711 7:8 /);
  expect(line('/srv')).toBe('d0755 0:0');
  expect(line('/srv/linked-1')).toBeUndefined();
  expect(line('/srv/linked-3')).toMatch(/ same-as:\/srv\/linked-2$/);
  expect(line('/opt/app/server')).toMatch(/ security\.capability=0100000200040000/);
  expect(line('/opt/app/data')).toMatch(/ trusted\.note=6e user\.empty= user\.origin=6c61/);
  expect(line('/home/alice/na\\xc3\\xafve\\x0a')).toMatch(/^-0644 2097151:2097151 /);
  expect(line('/dev/disk')).toBe('b0660 0:6 @1704067200 8,16');
  expect(line('/run/pipe')).toBe('p0622 0:0 @1704067200');
  const whiteouts = run.references.odd?.layers[2]?.filter((one) => one.endsWith(' whiteout'));
  expect(whiteouts).toHaveLength(5);
});

describe('one layer after the other', () => {
  const REFUSED = /^(invalid|not-trusted|not-signed): ./;

  test.each(CASES)('$name ($what): $kernel', ({ name, kernel }) => {
    expect(run.enforcing.outcome(`case/${name}`)).toBe(kernel);
  });

  test.each(CASES.filter(({ differs }) => differs === undefined))(
    '$name: verify says the same',
    ({ name, kernel }) => {
      expect(run.verdicts[name]).toMatch(kernel === 'accepted' ? /^verified$/ : REFUSED);
    },
  );

  const differing = CASES.filter(({ differs }) => differs !== undefined);
  test.each(differing)('$name: verify says otherwise on purpose: $differs', ({ name, kernel }) => {
    expect(run.verdicts[name]).toMatch(kernel === 'accepted' ? REFUSED : /^verified$/);
  });

  test('an expired certificate is refused by verify alone, for that reason', () => {
    expect(run.enforcing.outcome('case/expired')).toBe('accepted');
    expect(run.verdicts.expired).toMatch(/ expired on 2021-01-01/);
  });

  test('a layer without entries as a tar index is too small to be mounted, dm-verity or not', () => {
    expect(run.enforcing.outcome(`case/${EMPTY_LAYER}`)).toBe('mount:EIO');
    expect(run.enforcing.outcome(`plain/${EMPTY_LAYER}`)).toBe('EIO');
  });
});

describe('first attack: a layer’s program is changed on the node’s disk', () => {
  test('before: the changed program runs', () => {
    expect(run.before.outcomes('tampered/no-verity/')).toEqual({
      mount: 'OK',
      read: 'OK',
      run: 'OK greet: modified',
    });
    expect(run.before.outcome('tampered/new-tree-unsigned/run')).toBe('OK greet: modified');
  });

  test('with signatures and IPE it does not, whatever the attacker does with the hash tree', () => {
    const tampered = (variant: string) => run.enforcing.outcomes(`tampered/${variant}/`);
    expect(tampered('intact')).toEqual({ open: 'OK', mount: 'OK', read: 'OK', run: 'OK greet: original' });
    expect(tampered('modified')).toEqual({ open: 'OK', mount: 'OK', read: 'EIO', run: 'signal:SIGBUS' });
    expect(tampered('new-tree')).toEqual({ open: 'EKEYREJECTED' });
    expect(tampered('new-tree-unsigned')).toEqual({ open: 'ENOKEY' });
    expect(tampered('no-verity')).toEqual({ mount: 'OK', read: 'OK', run: 'EACCES' });
  });

  test('with IPE alone, an unsigned dm-verity device opens, but nothing in it runs', () => {
    expect(run.ipeOnly.outcome('tampered/new-tree-unsigned/open')).toBe('OK');
    expect(run.ipeOnly.outcome('tampered/new-tree-unsigned/run')).toBe('EACCES');
    expect(run.ipeOnly.outcome('tampered/no-verity/run')).toBe('EACCES');
    expect(run.ipeOnly.outcome('own/unsigned/greet')).toBe('EACCES');
  });
});

describe('second attack: code dropped into a running container', () => {
  test('before: all of it runs', () => {
    const outcomes = run.before.outcomes('drop/unsigned/');
    expect(Object.keys(outcomes).sort()).toEqual(Object.keys(DROPPED).sort());
    for (const outcome of Object.values(outcomes)) expect(outcome).toMatch(/^OK\b/);
  });

  test.each(PROFILES)('with signatures and IPE it is denied, the image’s own programs run: %s', (profile) => {
    expect(run.enforcing.outcomes(`drop/odd-${profile}/`)).toEqual(DENIED);
    expect(run.enforcing.outcome(`own/odd-${profile}/busybox`)).toBe('OK runs');
  });

  test('the denial is in the audit log, with the rule that denied it', () => {
    const denied = run.enforcing.console.split('\n').filter((line) => line.includes('ipe_op=EXECUTE'));
    const dropped = denied.filter((line) => line.includes('/dropped/busybox"'));
    const rule = 'enforcing=1 .*rule="DEFAULT action=DENY"';
    expect(dropped).toContainEqual(expect.stringMatching(`ipe_hook=BPRM_CHECK ${rule}`));
    expect(dropped).toContainEqual(expect.stringMatching(`ipe_hook=MMAP ${rule}`));
  });
});

describe('docs/kernel.md', () => {
  test('has the outcomes of this run', async () => {
    const { committed, now } = await updatePage('kernel', renderRun(run));
    expect(now).not.toMatch(/\| nothing +\|/);
    expect(now).not.toContain('different');
    // Elsewhere the page is just brought up to date.
    const expected = process.env.CI ? committed : now;
    expect(withoutVersions(now)).toBe(withoutVersions(expected));
  });

  test('names every option that the kernel of this run needs for signatures and IPE', async () => {
    const page = await readFile(new URL('../../docs/kernel.md', import.meta.url), 'utf8');
    const config = await readFile(new URL('../../scripts/kernel/config/common', import.meta.url), 'utf8');
    const needed = config.match(
      /^CONFIG_(DM_VERITY|EROFS_FS|OVERLAY_FS|SECURITY_IPE|IPE_PROP|SYSTEM_TRUSTED|CRYPTO_(RSA|ECDSA|SHA))\w*(?==y)/gm,
    );
    expect(needed?.length).toBeGreaterThan(10);
    for (const option of needed ?? []) expect(page).toContain(option);
  });
});
