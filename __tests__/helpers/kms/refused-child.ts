/** Run as a program: prepares the key of its first argument, with the chain of its second, and prints the error. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeError } from '../../../src/errors.ts';
import { run } from '../../../src/lib/process/run.ts';
import { readCertificateBundle } from '../../../src/signatures/x509/bundle.ts';
import { prepare } from '../signer.ts';
import { toolEnvironment } from '../tools.ts';

/** The line of the error with which a key is refused in a process of its own: errors of Node's own are foreign in Jest. */
export async function refusedInChild(
  reference: string,
  chain: string,
  env: Record<string, string>,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'refused-'));
  try {
    await writeFile(join(folder, 'chain.pem'), chain);
    const argv = [process.execPath, import.meta.filename, reference, join(folder, 'chain.pem')];
    const { stdout } = await run(argv, { env: toolEnvironment(env), timeout: 300_000 });
    return stdout.toString();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const [, , reference = '', chain = ''] = process.argv;
  const certificates = readCertificateBundle(await readFile(chain), 'certificate file', '');
  await prepare(reference, { certificates, timeout: 5_000 }).then(
    () => console.log('prepared'),
    (error: unknown) => console.log(describeError(error).line),
  );
}
