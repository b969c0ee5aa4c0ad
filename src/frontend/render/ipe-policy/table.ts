import type {
  CheckedRootHash,
  IpePolicyCheck,
  IpePolicyReport,
} from '../../../report/node/ipe-policy-report.ts';
import { type HarmlessText, harmlessLines } from '../../output/foreign-text.ts';
import { alignFacts, fitLine, fitLines, fitTable } from '../text-table.ts';

/**
 * A policy that was made, for a terminal.
 * @param width columns; without it, lines are as long as they are
 */
export function policyTable(report: IpePolicyReport, width?: number): HarmlessText {
  const { policy, signer, images, rootHashes, files, pushedTo = [] } = report;
  const inBase = rootHashes.filter((one) => one.inBase).length;
  const facts: [string, string][] = [
    ['policy', `${policy.name} ${policy.version}`],
    ...images.map(({ name }): [string, string] => ['image', name]),
    ['root hashes', `${rootHashes.length}${inBase === 0 ? '' : `, ${inBase} of them in ${policy.base}`}`],
    ['base', policy.base ?? 'none: only the initramfs and these layers execute'],
    ['signer', `${signer.subject}, SHA-256 ${signer.fingerprint}`],
    ...Object.entries(files ?? {}).map(([kind, path]): [string, string] => [FILES[kind] ?? kind, path]),
    ...pushedTo.map(({ reference, digest }): [string, string] => ['pushed', `${reference}, ${digest}`]),
  ];
  return harmlessLines(alignFacts(facts, width));
}

const FILES: Readonly<Record<string, string>> = { policy: 'text', signed: 'signed', mapping: 'mapping' };

const VERDICTS: Readonly<Record<CheckedRootHash['verdict'], string>> = {
  allowed: 'allowed',
  'signed-only': 'only with a signature',
  denied: 'DENIED',
};

/** What a policy allows and lacks, for a terminal. */
export function checkTable(report: IpePolicyCheck, width?: number): HarmlessText {
  const { checked, signer, defaults, rules, allowedRootHashes, images, rootHashes, lacking } = report;
  const facts: [string, string][] = [
    ['policy', `${checked.name} ${checked.version} in ${checked.file}`],
    [
      'signer',
      signer === undefined ? 'none: this is text' : `${signer.subject}, SHA-256 ${signer.fingerprint}`,
    ],
    ['defaults', defaultsText(defaults)],
    ['rules', `${allowedRootHashes} root ${allowedRootHashes === 1 ? 'hash' : 'hashes'} allowed`],
    ...rules.map((rule): [string, string] => ['', rule]),
    ...images.map(({ name }): [string, string] => ['image', name]),
  ];
  const rows = rootHashes.map(({ rootHash, verdict, layers }) => {
    const [first] = layers;
    const more = layers.length > 1 ? ` and ${layers.length - 1} more` : '';
    const layer = `layer ${first?.index}${first?.platform === undefined ? '' : ` of ${first.platform}`}${more}`;
    return [`  ${rootHash}`, VERDICTS[verdict], layer];
  });
  const lines = fitLines(
    rows.map((row) => row.join(', ')),
    width,
  );
  const conclusion =
    lacking === 0
      ? 'programs of all layers run'
      : `${lacking} of ${rootHashes.length} root hashes are not allowed`;
  return harmlessLines([
    ...alignFacts(facts, width),
    '',
    ...fitTable(rows, lines, width),
    '',
    ...fitLine(conclusion, width),
  ]);
}

/** `EXECUTE DENY, all others ALLOW`. */
function defaultsText(defaults: Readonly<Record<string, string>>): string {
  const actions = Object.values(defaults);
  const usual = actions.filter((action) => action === 'ALLOW').length * 2 > actions.length ? 'ALLOW' : 'DENY';
  const others = Object.entries(defaults).filter(([, action]) => action !== usual);
  if (others.length === 0) return `all operations ${usual}`;
  return [...others.map(([operation, action]) => `${operation} ${action}`), `all others ${usual}`].join(', ');
}
