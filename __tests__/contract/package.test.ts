/** The npm package as users have it: packed, installed without network, and run. */
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { InstalledPackage } from '../helpers/installed-package.ts';
import { testFolder } from '../helpers/temp.ts';
import { vectors } from '../helpers/vector-image.ts';

const root = join(import.meta.dirname, '../..');
const folder = testFolder();
const NAMES = ['simple-gzip', 'dirs-zstd'];
const LAYERS = NAMES.map((name) => vectors().find((vector) => vector.name === name));
const HASHES = LAYERS.map((vector) => vector?.profiles.containerd.rootHash);
/** Of the archive; it was 2.4 MB when this was written. */
const LIMIT = 3_000_000;

const installed = new InstalledPackage(folder);
let printed: string;

beforeAll(async () => {
  printed = installed.install();
  await installed.addExampleFiles(NAMES);
});

/** The one package that is installed. */
const place = join(folder, 'node_modules/verity-sign');

function node(file: string, text: string): ReturnType<InstalledPackage['run']> {
  writeFileSync(join(folder, file), text);
  return installed.run([process.execPath, file]);
}

describe('npm install', () => {
  test('brings one package, which is small', () => {
    expect(printed).toContain('added 1 package');
    const names = readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'));
    expect(names).toEqual(['verity-sign']);
    expect(readdirSync(place)).not.toContain('node_modules');
    expect(installed.archiveSize).toBeLessThan(LIMIT);
  });

  test('brings a program that shows its help, signs and verifies', () => {
    const program = join(folder, 'node_modules/.bin/verity-sign');
    const help = installed.run([program, '--help']);
    expect(help).toMatchObject({ status: 0, stderr: '' });
    expect(help.stdout).toContain('Usage: verity-sign');
    const layout = join(folder, 'cli-layout');
    cpSync(join(folder, 'layout'), layout, { recursive: true });
    const image = `oci:${layout}:app`;
    const key = ['--key', 'signer.key', '--certificate', 'chain.pem'];
    const signed = installed.run([program, 'sign', image, ...key]);
    expect({ status: signed.status, out: signed.stdout }).toEqual({
      status: 0,
      out: expect.stringContaining(HASHES[0] ?? ''),
    });
    const verified = installed.run([program, 'verify', image, '--trusted-certificate', 'root.pem']);
    expect(verified.status).toBe(0);
    expect(verified.stdout).toContain('verified');
  });
});

/** The examples of docs/library.md, by the heading above each. */
const EXAMPLES = new Map(
  readFileSync(join(root, 'docs/library.md'), 'utf8')
    .split(/^## /m)
    .flatMap((section) => {
      const blocks = [...section.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, text]) => text ?? '');
      return blocks.map((text) => [section.slice(0, section.indexOf('\n')), text] as const);
    }),
);

function example(heading: string): ReturnType<InstalledPackage['run']> {
  const text = EXAMPLES.get(heading) ?? '';
  expect(text).toContain("from 'verity-sign'");
  return node(`${heading.toLowerCase().replaceAll(' ', '-')}.ts`, text);
}

describe('the examples of docs/library.md', () => {
  test('are one for each heading, and all of them are run here', () => {
    expect([...EXAMPLES.keys()]).toEqual([
      'Sign',
      'Verify',
      'Compute root hashes',
      'Inspect',
      'How it runs',
      'Errors',
    ]);
  });

  test('sign, then verify and inspect what is signed', () => {
    const lines = LAYERS.map((layer, index) => `linux/amd64 ${layer?.digest} ${HASHES[index]}\n`).join('');
    expect(example('Sign')).toEqual({ status: 0, stdout: lines, stderr: '' });
    expect(example('Verify')).toEqual({ status: 0, stdout: '', stderr: '' });
    const { stdout } = example('Inspect');
    expect(stdout).toMatch(/^sha256:[0-9a-f]{64} CN=Release\n$/);
  });

  test('verify an image that is not trusted: no error, but the verdict and the exit status', () => {
    const trusted = readFileSync(join(folder, 'root.pem'));
    try {
      const command =
        'openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=Another -keyout /dev/null -out root.pem';
      expect(installed.run(['bash', '-c', command]).status).toBe(0);
      const { status, stderr } = example('Verify');
      expect(status).toBe(1);
      expect(stderr).toMatch(/^oci:\.\/layout:app not-trusted .+\noci:\.\/layout:tools not-trusted .+\n$/);
    } finally {
      writeFileSync(join(folder, 'root.pem'), trusted);
    }
  });

  test('compute root hashes', () => {
    const lines = LAYERS.map((layer, index) => `${layer?.digest} ${HASHES[index]}\n`).join('');
    expect(example('Compute root hashes')).toEqual({ status: 0, stdout: lines, stderr: '' });
  });

  test('run with logger, signal, secrets and time', () => {
    const { status, stdout } = example('How it runs');
    expect(status).toBe(0);
    expect(stdout).toContain(HASHES[1]);
  });

  test('show what failed and what was done', () => {
    const { status, stdout, stderr } = example('Errors');
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    const [first = '', ...rest] = stderr.trimEnd().split('\n');
    expect(first).toMatch(/^usage oci:\.\/layout:no-such-tag: .*no-such-tag/);
    expect(rest).toEqual([
      'oci:./layout:app signed',
      expect.stringMatching(/^oci:\.\/layout:no-such-tag .*no-such-tag/),
    ]);
  });
});

test('the library leaves the process as it found it', () => {
  const { status, stdout, stderr } = node(
    'untouched.ts',
    `
    import { readFileSync } from 'node:fs';
    import { getCACertificates } from 'node:tls';
    import * as library from 'verity-sign';
    process.env.MY_KEY = readFileSync('signer.key', 'utf8');
    process.env.SSL_CERT_FILE = 'root.pem';
    let written = 0;
    for (const stream of [process.stdout, process.stderr]) {
      const write = stream.write.bind(stream);
      stream.write = (...args) => { written += 1; return write(...args); };
    }
    process.exit = () => { throw new Error('process.exit was called'); };
    const emitters = { process, stdout: process.stdout, stderr: process.stderr, stdin: process.stdin };
    const state = () => JSON.stringify({
      env: process.env,
      listeners: Object.entries(emitters).map(([name, one]) =>
        [name, ...one.eventNames().map((event) => [String(event), one.listenerCount(event)]).sort()]),
      exitCode: process.exitCode,
      umask: process.umask(),
      cwd: process.cwd(),
      authorities: getCACertificates('default').length,
      environ: readFileSync('/proc/self/environ', 'latin1').length,
    });
    // Node's own: they appear when a stream or a variable is looked at first.
    state();
    const before = state();
    const image = 'oci:./layout:app';
    const key = { key: 'env://MY_KEY', certificate: 'chain.pem' };
    const [signed] = await library.sign({ image, ...key });
    const [verified] = await library.verify({ image, trustedCertificate: 'root.pem' });
    await library.inspect({ image });
    await library.rootHash({ source: image });
    const failed = await library.sign({ image: 'oci:./missing', ...key }).catch((error) => error.code);
    const wrong = await library.sign({ image, key: 'env://NOT_SET' }).catch((error) => error.code);
    const stopped = await library.verify({ image, trustedCertificate: 'root.pem' }, { signal: AbortSignal.abort() })
      .catch((error) => error.code);
    const after = state();
    const result = { written, before, after, failed, wrong, stopped, verdict: verified.verdict, signer: signed.signer.subject };
    console.log(JSON.stringify(result));
    `,
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const { before, after, ...rest } = JSON.parse(stdout) as { before: string; after: string };
  expect(JSON.parse(after)).toEqual(JSON.parse(before));
  expect(rest).toEqual({
    written: 0,
    failed: 'usage',
    wrong: 'usage',
    stopped: 'cancelled',
    verdict: 'verified',
    signer: 'CN=Release',
  });
});

test('what is not exported cannot be imported', () => {
  const { stdout } = node(
    'inner.ts',
    "await import('verity-sign/dist/cli.js').catch((error) => console.log(error.code));",
  );
  expect(stdout).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED\n');
});

describe('the types', () => {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');

  function compile(name: string, files: Record<string, string>, options: object): string {
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
    const config = `tsconfig.${name}.json`;
    const compilerOptions = {
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      noEmit: true,
      target: 'es2024',
      typeRoots: [join(root, 'node_modules/@types')],
      ...options,
    };
    writeFileSync(join(folder, config), JSON.stringify({ compilerOptions, files: Object.keys(files) }));
    const { stdout, stderr } = installed.run([process.execPath, compiler, '--project', config]);
    rmSync(join(folder, config));
    return stdout + stderr;
  }

  test('are those that the library names, and need no other package', () => {
    const types = readdirSync(join(place, 'dist/types'), { recursive: true, encoding: 'utf8' });
    const files = types.filter((name) => name.endsWith('.d.ts'));
    expect(files.length).toBeGreaterThan(5);
    const imports = files.flatMap((name) =>
      [
        ...readFileSync(join(place, 'dist/types', name), 'utf8').matchAll(
          /\bfrom '([^']*)'|import\('([^']*)'\)/g,
        ),
      ].map(([, from, dynamic]) => from ?? dynamic ?? ''),
    );
    expect(imports.filter((path) => !/^\.\.?\/[\w./-]+\.js$/.test(path))).toEqual([]);
  });

  test('of the examples are right in a strict program', () => {
    const files = Object.fromEntries(
      [...EXAMPLES.values()].map((text, index) => [`types-${index}.ts`, text]),
    );
    const options = { module: 'nodenext', types: ['node'] };
    expect(compile('node', files, options)).toBe('');
  });

  const USE = `
    import { type SignReport, sign, verify, rootHash, VeritySignError } from 'verity-sign';
    export async function use(signal: AbortSignal): Promise<SignReport[]> {
      const [entry] = await rootHash({ source: ['a', 'b'], profile: 'containerd', concurrency: 2 }, { signal });
      const text: string | undefined = entry?.rootHash;
      await verify({ image: 'a', layers: 'auto', at: text, strict: true });
      // @ts-expect-error a misspelt option
      await verify({ image: 'a', trustedCertifcate: 'root.pem' });
      // @ts-expect-error no such choice
      await sign({ image: 'a', layers: 'some' });
      // @ts-expect-error a flag is no text
      await sign({ image: 'a', dryRun: 'true' });
      // @ts-expect-error sources are required
      await rootHash({ profile: 'containerd' });
      try {
        return await sign({ image: ['a'], annotations: { a: 'b' } }, { logger: { info: (line: string) => void line } });
      } catch (error) {
        if (error instanceof VeritySignError && error.code === 'key' && error.exitStatus === 5) return [];
        throw error;
      }
    }
  `;

  test.each([
    ['nodenext with the types of Node', { module: 'nodenext', types: ['node'] }],
    [
      'a bundler with those of a browser alone',
      { module: 'esnext', moduleResolution: 'bundler', lib: ['es2024', 'dom'], types: [] },
    ],
  ])('refuse wrong options: %s', (_how, options) => {
    expect(compile('use', { 'use.ts': USE }, options)).toBe('');
  });
});
