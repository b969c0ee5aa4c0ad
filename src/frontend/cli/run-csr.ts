import { requireNoFile, writeNewFile } from '../output/new-file.ts';
import { printPem } from '../output/standard-streams.ts';
import { untilAborted } from '../run-context.ts';
import type { KeyLifeInvocation } from './key-life-commands.ts';
import { startRun } from './start-run.ts';

const OUT = 'option --out';

/**
 * Makes a certificate request, or a certificate that signs itself.
 * @param visible why other processes can read the environment of this one, if they can
 */
export async function runCsr(
  { options, out, log, secrets }: Extract<KeyLifeInvocation, { command: 'csr' }> & Secrets,
  visible: string | undefined,
): Promise<void> {
  const context = await startRun({ log, secrets, visible });
  if (out !== undefined) requireNoFile(out, OUT);
  const { makeRequest } = await import('../../commands/csr/make-request.ts');
  const pem = await untilAborted(context.signal, () => makeRequest(options, context));
  if (out === undefined) printPem(pem);
  else await writeNewFile(out, pem, OUT);
}

interface Secrets {
  secrets: Readonly<Record<string, string>>;
}
