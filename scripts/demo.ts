/**
 * `npm run demo` signs and verifies a real image in this checkout. It fetches the tools, builds an image
 * as an OCI layout, makes a throw-away CA, signs every layer with the bundle in dist/, shows the referrer,
 * checks each signature with openssl, and verifies. All files are in .demo/.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fixedEnvironment } from '../src/lib/process/environment.ts';
import { run } from '../src/lib/process/run.ts';
import { buildDemoImage } from './demo-image.ts';
import { makeDemoPki } from './demo-pki.ts';
import { installTools } from './tools/install.ts';

const root = dirname(import.meta.dirname);
const demo = join(root, '.demo');
const env: Record<string, string> = { ...fixedEnvironment(), HOME: process.env.HOME ?? '/' };
env.PATH = `${join(root, '.tools/bin')}:${dirname(process.execPath)}:${env.PATH}`;

interface Report {
  artifacts: { manifest: { digest: string }; referrer: { digest: string }; layers: Layer[] }[];
}
interface Layer {
  index: number;
  rootHash: string;
  signatureDigest: string;
}

async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  console.log(`\n== ${title}`);
  const result = await work();
  console.log(`   (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  return result;
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

mkdirSync(demo, { recursive: true });
await step('Tools in .tools/: mkfs.erofs, oras and the programs that make the image', () =>
  installTools('demo'),
);

const original = join(demo, 'built');
await step(
  'An image: Debian, an application, and a layer with whiteouts, links and capabilities',
  async () => {
    if (!existsSync(join(original, 'index.json'))) await buildDemoImage(original);
  },
);
const layout = join(demo, 'image');
rmSync(layout, { recursive: true, force: true });
cpSync(original, layout, { recursive: true });

const pki = await step('A throw-away CA and a signing certificate', () => makeDemoPki(join(demo, 'pki')));

const reportFile = join(demo, 'report.json');
await step('Sign', () =>
  veritySign('sign', { key: pki.key, certificate: pki.certificate, report: reportFile }),
);

const report = JSON.parse(readFileSync(reportFile, 'utf8')) as [Report];
const [{ artifacts }] = report;
for (const { manifest, referrer, layers } of artifacts) {
  const reference = `${relative(root, layout)}@${manifest.digest}`;
  await step('The referrer, as oras sees it', () => show(['oras', 'discover', '--oci-layout', reference]));
  await step(`openssl checks the signatures in ${referrer.digest}`, async () => {
    for (const layer of layers) await checkWithOpenssl(layer);
  });
}
await step('Verify: the CA is trusted, and every layer is built again', () =>
  veritySign('verify', { 'trusted-certificate': pki.ca }),
);
console.log(`\nEach layer of oci:${relative(root, layout)}:demo is signed and verified.`);

/** Runs a command of the bundle in dist/ on the image; options are paths of files. */
function veritySign(command: string, options: Readonly<Record<string, string>>): Promise<string> {
  const words = Object.entries(options).flatMap(([name, path]) => [`--${name}`, relative(root, path)]);
  const image = `oci:${relative(root, layout)}:demo`;
  return show([process.execPath, join(root, 'dist/cli.js'), command, image, ...words]);
}

/** Checks a signature as the kernel does: the signed content is the root hash in hex digits. */
async function checkWithOpenssl({ index, rootHash, signatureDigest }: Layer): Promise<void> {
  const rootHashFile = join(demo, `layer-${index}.root-hash`);
  writeFileSync(rootHashFile, rootHash);
  const signature = join(layout, 'blobs', signatureDigest.replace(':', '/'));
  const said = await show([
    'openssl',
    'smime',
    '-verify',
    '-binary',
    '-inform',
    'DER',
    '-in',
    signature,
    '-content',
    rootHashFile,
    '-CAfile',
    pki.ca,
  ]);
  if (!said.includes('successful')) throw new Error(`openssl did not accept the signature of layer ${index}`);
}
