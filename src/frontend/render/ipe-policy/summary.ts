import type {
  CheckedRootHash,
  IpePolicyCheck,
  IpePolicyReport,
  PolicyLayer,
} from '../../../report/node/ipe-policy-report.ts';
import type { SignerReport } from '../../../report/report.ts';
import { shortDigests } from '../format.ts';
import {
  alert,
  codeBlock,
  details,
  escapeMarkdown,
  factTable,
  inlineCode,
  joinMarkdown,
  LISTED_LAYERS,
  type Markdown,
  markdownTable,
  md,
  SUMMARY_LIMIT,
  withinLimit,
} from '../markdown.ts';
import { shellQuote } from '../sign/check-commands.ts';

type Facts = [string, Markdown][];

/** Images that the facts name, and layers that a line names. */
const MOST_IMAGES = 100;
const MOST_LAYERS = 3;

/** The job summary of `ipe-policy`: Markdown of at most `limit` bytes. A note replaces parts that do not fit. */
export function renderIpePolicySummary(
  reports: readonly (IpePolicyReport | IpePolicyCheck)[],
  limit = SUMMARY_LIMIT,
): string {
  const parts = reports.flatMap((report) => ('policy' in report ? madeParts(report) : checkParts(report)));
  return withinLimit(parts, limit);
}

function madeParts(report: IpePolicyReport): Markdown[] {
  const { policy, signer, images, rootHashes, files, pushedTo = [] } = report;
  const inBase = rootHashes.filter((one) => one.inBase).length;
  const facts: Facts = [
    ['Name', inlineCode(policy.name)],
    ['Version', inlineCode(policy.version)],
    ['Root hashes', md`${rootHashes.length}${inBase === 0 ? '' : `, ${inBase} of them in the base`}`],
    ...imageFacts(images),
    ['Base', policy.base === undefined ? md`none` : inlineCode(policy.base)],
    ...signerFacts(signer),
    ...(files === undefined ? [] : ([['Signed policy', inlineCode(files.signed)]] satisfies Facts)),
    ...pushedTo.map(({ reference, digest }): [string, Markdown] => [
      'Pushed',
      joinMarkdown([inlineCode(reference), inlineCode(digest)], ' '),
    ]),
  ];
  const warning =
    policy.base === undefined
      ? [md`**The policy has no base**: where it is enforced, programs on the node's own disk do not run.`]
      : [];
  const rows = rootHashes.map(({ rootHash, layers }) => [inlineCode(rootHash), layersText(layers)]);
  return [
    md`### ✅ IPE policy ${policy.name} ${policy.version} is made`,
    factTable(facts),
    ...alert('WARNING', warning),
    md`#### On the node`,
    codeBlock(loadCommands(report).join('\n'), 'sh'),
    details('Root hashes', joinMarkdown(rowsTable(['Root hash', 'Layers'], rows), '\n\n')),
  ];
}

/** How a node loads the signed policy. Its name has only lowercase letters, digits and hyphens. */
function loadCommands({ policy: { name }, pushedTo = [] }: IpePolicyReport): string[] {
  const folder = '/sys/kernel/security/ipe';
  const pulls = pushedTo.slice(0, 1).map(({ reference, digest }) => {
    const repository = reference.slice(0, reference.lastIndexOf(':'));
    return `oras pull ${shellQuote(`${repository}@${digest}`)}`;
  });
  return [
    ...pulls,
    `cat ${name}.p7b > ${folder}/new_policy   # the first time`,
    `cat ${name}.p7b > ${folder}/policies/${name}/update   # when an earlier version is loaded`,
    `echo 1 > ${folder}/policies/${name}/active`,
  ];
}

const VERDICTS: Readonly<Record<CheckedRootHash['verdict'], string>> = {
  allowed: 'allowed',
  'signed-only': 'allowed only with a signature on the device',
  denied: 'denied',
};

function checkParts(report: IpePolicyCheck): Markdown[] {
  const { checked, signer, images, rootHashes, lacking, rules, allowedRootHashes } = report;
  const facts: Facts = [
    ['Policy', md`${inlineCode(checked.name)} ${inlineCode(checked.version)}`],
    ['File', inlineCode(checked.file)],
    ...imageFacts(images),
    ['Root hashes', md`${rootHashes.length} in the images, ${allowedRootHashes} named by the policy`],
    ['Other rules', md`${rules.length}`],
    ...(signer === undefined
      ? ([['Signed by', md`nobody: the file is text`]] satisfies Facts)
      : signerFacts(signer)),
  ];
  const rows = rootHashes
    .filter(({ verdict }) => verdict !== 'allowed')
    .map(({ rootHash, verdict, layers }) => [
      inlineCode(rootHash),
      md`**${VERDICTS[verdict]}**`,
      layersText(layers),
    ]);
  const name = `IPE policy ${checked.name} ${checked.version}`;
  return [
    lacking === 0
      ? md`### ✅ ${name} allows every layer`
      : md`### ❌ ${name} does not allow ${lacking} of ${rootHashes.length} root hashes`,
    factTable(facts),
    ...(rows.length === 0 ? [] : rowsTable(['Root hash', 'Verdict', 'Layers'], rows)),
  ];
}

function imageFacts(images: IpePolicyReport['images']): Facts {
  const listed = images
    .slice(0, MOST_IMAGES)
    .map(({ name }): [string, Markdown] => ['Image', inlineCode(name)]);
  const more = images.length - listed.length;
  return [...listed, ...(more > 0 ? ([['Images', md`and ${more} more`]] satisfies Facts) : [])];
}

function signerFacts({ subject, keyType, fingerprint, notAfter }: SignerReport): Facts {
  return [
    ['Signed by', escapeMarkdown(`${subject} (${keyType}, valid until ${notAfter})`)],
    ['Fingerprint', md`SHA-256 ${inlineCode(fingerprint)}`],
  ];
}

/** Such as `layer 1 of r.example/app@sha256:0123456789ab…, linux/amd64`. */
function layersText(layers: readonly PolicyLayer[]): Markdown {
  const named = layers.slice(0, MOST_LAYERS).map(({ image, platform, index }) => {
    const where = platform === undefined ? '' : `, ${platform}`;
    return md`layer ${index} of ${inlineCode(shortDigests(image))}${where}`;
  });
  const more = layers.length - named.length;
  return md`${joinMarkdown(named, '; ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** A table of the first rows, with a note about the others. */
function rowsTable(header: readonly string[], rows: readonly (readonly Markdown[])[]): Markdown[] {
  const more = rows.length - LISTED_LAYERS;
  return [
    markdownTable(header, rows.slice(0, LISTED_LAYERS)),
    ...(more > 0 ? [md`> ${more} more root hashes are listed in the JSON report.`] : []),
  ];
}
