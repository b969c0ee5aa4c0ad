import type { RunContext } from '../../commands/shared/options.ts';
import { type RemoveReport, renderRemoveReport } from '../../report/remove-report.ts';
import { eachImage } from '../each-image.ts';
import { requireNoFile, writeNewFile } from '../output/new-file.ts';
import { printPem, printTable } from '../output/standard-streams.ts';
import { removeTable } from '../render/remove/table.ts';
import type { KeyLifeInvocation } from './key-life-commands.ts';
import { reportResults } from './report-results.ts';

const OUT = 'option --out';

/** Makes a certificate request, or a certificate that signs itself. */
export async function csr(
  { options, out }: Extract<KeyLifeInvocation, { command: 'csr' }>,
  context: RunContext,
): Promise<void> {
  if (out !== undefined) requireNoFile(out, OUT);
  const { makeRequest } = await import('../../commands/csr/make-request.ts');
  const pem = await makeRequest(options, context);
  if (out === undefined) printPem(pem);
  else await writeNewFile(out, pem, OUT);
}

/** Lists or removes the signatures of one signer, image by image, until one fails. */
export async function remove(
  { images, removing, report }: Extract<KeyLifeInvocation, { command: 'remove' }>,
  context: RunContext,
): Promise<void> {
  const { removeSignatures } = await import('../../commands/remove/remove-image.ts');
  let shown = 0;
  const show = (one: RemoveReport): void => printTable(removeTable(one), shown++ > 0);
  const results = await eachImage<RemoveReport, void>(
    images,
    async () => undefined,
    async (image, _none, part) => {
      const done = await removeSignatures({ ...removing, image }, context, part);
      show(done);
      return done;
    },
  );
  // What was found, and what was done before the failure.
  if (results.failure?.part !== undefined) show(results.failure.part);
  reportResults(results, report, renderRemoveReport);
}
