/** What `npm run demo` and `npm run demo:real` do with an image: sign, look, check with openssl, verify. */
import { readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, relative } from 'node:path';
import { describeError } from '../../src/errors.ts';
import { fixedEnvironment } from '../../src/lib/process/environment.ts';
import { run } from '../../src/lib/process/run.ts';
import { type DemoPki, makeDemoPki } from '../demo-pki.ts';
import { failure, find, searchPath } from '../tools/common.ts';

const root = dirname(dirname(import.meta.dirname));
const env: Record<string, string> = { ...fixedEnvironment(), HOME: process.env.HOME ?? '/' };
env.PATH = [searchPath(), dirname(process.execPath)].join(delimiter);

interface Report {
  artifacts: { referrer: { digest: string }; layers: Layer[] }[];
}
interface Layer {
  index: number;
  rootHash: string;
  signatureDigest: string;
}

/** Prints a title, does the work, and prints its seconds. */
export async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  console.log(`\n== ${title}`);
  const result = await work();
  console.log(`   (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  return result;
}

/** Runs a demo. A failure is one line that says what to do, and the exit status of its kind. */
export async function demo(work: () => Promise<void>): Promise<void> {
  await work().catch((error: unknown) => {
    const { line, status } = describeError(error);
    console.error(line);
    process.exitCode = status;
  });
}

/**
 * Signs the image with the tag `demo` in `folder/image` by the bundle in dist/ and a throw-away key, checks
 * each signature by openssl if it is installed, and verifies. Returns what it signed with.
 * @param options further options of `sign` and `verify`
 */
export async function signAndVerify(folder: string, options: readonly string[] = []): Promise<DemoPki> {
  const layout = join(folder, 'image');
  const image = layoutName(folder);
  const pki = await step('A throw-away CA and a signing certificate', () => makeDemoPki(join(folder, 'pki')));
  const report = join(folder, 'report.json');
  const { key, certificate, ca } = pki;
  await step('Sign', () => veritySign('sign', image, { key, certificate, report }, options));
  await step('What is attached now', () => veritySign('inspect', image));

  const [{ artifacts }] = JSON.parse(readFileSync(report, 'utf8')) as [Report];
  if (artifacts.length === 0)
    throw failure('no layer was signed', 'Make dist/ from these sources: npm run build');
  for (const { referrer, layers } of artifacts) {
    await step(`openssl checks the signatures in ${referrer.digest}`, async () => {
      if (find('openssl') === undefined) console.log('openssl is not installed, so this step is omitted');
      else for (const layer of layers) await checkWithOpenssl(layer, { folder, layout, ca });
    });
  }
  await step('Verify: the CA is trusted, and every layer is built again', () =>
    veritySign('verify', image, { 'trusted-certificate': ca }, options),
  );
  console.log(`\nEach layer of ${image} is signed and verified.`);
  return pki;
}

/** The image in `folder/image` as the command line names it. */
export function layoutName(folder: string): string {
  return `oci:${relative(root, join(folder, 'image'))}:demo`;
}

/**
 * Runs a command of dist/ on an image, visibly.
 * @param paths values of options that are paths
 * @param more further words, such as options without a path
 */
export async function veritySign(
  verb: string,
  image: string,
  paths: Readonly<Record<string, string>> = {},
  more: readonly string[] = [],
): Promise<void> {
  await show([
    ...[process.execPath, join(root, 'dist/cli.js'), verb, image],
    ...Object.entries(paths).flatMap(([name, path]) => [`--${name}`, relative(root, path)]),
    ...more,
  ]);
}

/** Prints a command as a user would type it, runs it and prints its output. Returns its standard error. */
async function show(argv: string[]): Promise<string> {
  console.log(`$ ${argv.map((word) => (word.startsWith(root) ? relative(root, word) : word)).join(' ')}`);
  const { stdout, stderr } = await run(argv, { env, cwd: root });
  if (stderr !== '') console.log(stderr);
  const text = stdout.toString().trimEnd();
  if (text !== '') console.log(text);
  return stderr;
}

/** Checks a signature as the kernel does: the signed content is the root hash in hex digits. */
async function checkWithOpenssl(
  { index, rootHash, signatureDigest }: Layer,
  { folder, layout, ca }: Record<'folder' | 'layout' | 'ca', string>,
): Promise<void> {
  const content = join(folder, `layer-${index}.root-hash`);
  writeFileSync(content, rootHash);
  const signature = join(layout, 'blobs', signatureDigest.replace(':', '/'));
  const how = ['smime', '-verify', '-binary', '-inform', 'DER'];
  const said = await show(['openssl', ...how, '-in', signature, '-content', content, '-CAfile', ca]);
  if (!said.includes('successful')) throw new Error(`openssl did not accept the signature of layer ${index}`);
}
