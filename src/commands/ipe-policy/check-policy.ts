import { VeritySignError } from '../../errors.ts';
import { FormatError } from '../../formats/format-error.ts';
import { parsePolicy } from '../../formats/ipe/parse.ts';
import {
  decide,
  decideLayer,
  defaultAction,
  type IpePolicy,
  type IpeRule,
  layerFacts,
  OPERATIONS,
} from '../../formats/ipe/policy.ts';
import { versionText } from '../../formats/ipe/version.ts';
import { ruleText } from '../../formats/ipe/write.ts';
import { readGiven } from '../../lib/read-given.ts';
import type { CheckedRootHash, IpePolicyCheck, PolicyLayer } from '../../report/node/ipe-policy-report.ts';
import { REPORT_HEAD } from '../../report/tool.ts';
import { parsePkcs7WithContent } from '../../signatures/pkcs7/with-content.ts';
import type { Certificate } from '../../signatures/x509/certificate.ts';
import type { RunContext } from '../shared/options.ts';
import { signerReport } from '../shared/report-parts.ts';
import { collectRootHashes } from './collect.ts';
import type { CheckPolicyOptions } from './options.ts';

/**
 * Verifies images and says what a policy allows, and which of their layers it lacks.
 * @throws VeritySignError with the verdict of an image that does not verify, 'usage', and 'not-enforced' for a policy
 *   that a kernel would refuse, or that is signed in another form than `ipe-policy` writes
 */
export async function checkPolicy(options: CheckPolicyOptions, context: RunContext): Promise<IpePolicyCheck> {
  const { policy, signer } = await readPolicy(options.check);
  warnOfOpen(policy, options.check, context);
  const { images, rootHashes } = await collectRootHashes(options, context);
  const checked = [...rootHashes].map(([rootHash, layers]) => checkRootHash(policy, rootHash, layers));
  const others = policy.rules.filter((rule) => !allowsOneRootHash(rule));
  return {
    ...REPORT_HEAD,
    checked: { file: options.check, name: policy.name, version: versionText(policy.version) },
    ...(signer === undefined ? {} : { signer: signerReport(signer) }),
    defaults: Object.fromEntries(
      OPERATIONS.map((operation) => [operation, defaultAction(policy, operation)]),
    ),
    rules: others.map(ruleText),
    allowedRootHashes: policy.rules.length - others.length,
    images,
    rootHashes: checked,
    lacking: checked.filter(({ verdict }) => verdict !== 'allowed').length,
  };
}

/** A policy that allows the layers may allow everything else, too. */
function warnOfOpen(policy: IpePolicy, file: string, { log }: RunContext): void {
  const { action, rule } = decide(policy, 'EXECUTE', layerFacts(undefined, false));
  if (action === 'DENY') return;
  const by = rule === undefined ? 'its default' : `line ${rule.line}, ${ruleText(rule)}`;
  log.warn(
    `${file} lets programs of every layer run, also of unsigned ones, by ${by}: it enforces nothing. Make a policy with DEFAULT op=EXECUTE action=DENY`,
  );
}

/** The error for a policy that lacks root hashes; undefined if it lacks none. */
export function lackingError({ checked, lacking, rootHashes }: IpePolicyCheck): VeritySignError | undefined {
  if (lacking === 0) return undefined;
  const only = rootHashes.filter(({ verdict }) => verdict === 'signed-only').length;
  const signed =
    only === 0
      ? ''
      : `; ${only} of them are allowed on devices with a signature, which containerd does not give`;
  return new VeritySignError(
    'not-enforced',
    `${checked.file} does not allow ${lacking} of ${rootHashes.length} root hashes of the images${signed}`,
    { remedy: 'Make a new policy for these images, with a newer policy-version' },
  );
}

function checkRootHash(policy: IpePolicy, rootHash: string, layers: PolicyLayer[]): CheckedRootHash {
  const { verdict, rule } = decideLayer(policy, rootHash);
  return {
    rootHash,
    verdict,
    ...(rule === undefined ? {} : { rule: ruleText(rule), line: rule.line }),
    layers,
  };
}

function allowsOneRootHash({ operation, properties, action }: IpeRule): boolean {
  const [only, ...more] = properties;
  return (
    operation === 'EXECUTE' &&
    action === 'ALLOW' &&
    more.length === 0 &&
    only?.startsWith('dmverity_roothash=') === true
  );
}

/** Text, or PKCS#7 with it. */
async function readPolicy(file: string): Promise<{ policy: IpePolicy; signer: Certificate | undefined }> {
  let bytes: Buffer;
  try {
    bytes = await readGiven(file);
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new VeritySignError('usage', `check: ${file} cannot be read (${reason})`, {
      remedy: 'Give the path of an IPE policy, as text or signed',
      cause,
    });
  }
  // The tag of a SEQUENCE is no letter of a policy.
  if (bytes[0] !== 0x30) return { policy: readText(file, bytes), signer: undefined };
  const refused = `check: ${file} is not a signed policy as ipe-policy writes it`;
  const { content, signer } = reading(refused, () => parsePkcs7WithContent(bytes));
  return { policy: readText(file, content), signer };
}

function readText(file: string, bytes: Uint8Array): IpePolicy {
  return reading(`check: a kernel would refuse the policy in ${file}`, () => parsePolicy(bytes));
}

/** @param refused what is wrong if it cannot be read */
function reading<T>(refused: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new VeritySignError('not-enforced', `${refused}: it ${error.message}`, {
      remedy: 'Make the policy again, or correct its text and sign it again',
      cause: error,
    });
  }
}
