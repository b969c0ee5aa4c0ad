import { readdirSync, statSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join, parse, resolve } from 'node:path';
import { recipesFor } from '../../convert/erofs/recipe.ts';
import { VeritySignError } from '../../errors.ts';
import { partialsOf } from '../../oci/partial-file.ts';
import type { IpePolicyReport } from '../../report/node/ipe-policy-report.ts';
import type { NodeKitReport } from '../../report/node/node-kit-report.ts';
import { nodeSettings } from '../../report/node/node-settings.ts';
import { REPORT_HEAD } from '../../report/tool.ts';
import { type CertificateChain, trustedEnd } from '../../signatures/pkcs7/signing-chain.ts';
import type { Certificate } from '../../signatures/x509/certificate.ts';
import { writeFiles } from '../ipe-policy/files.ts';
import { makePolicy } from '../ipe-policy/make-policy.ts';
import type { RunContext } from '../shared/options.ts';
import { platformReport } from '../shared/report-parts.ts';
import { type RecordedSettings, recordedSettings } from '../verify/recorded-settings.ts';
import type { VerifiedImage, VerifiedPlatform } from '../verify/verified-image.ts';
import { cacheCommand } from './cache-command.ts';
import { anchorsOf, isCertificateName, type KitCertificate, kitCertificates } from './certificates.ts';
import type { NodeKitOptions } from './options.ts';
import { isForKata, KIT } from './paths.ts';
import { KERNEL_ARGUMENTS, kitReadme, MODULES } from './readme.ts';

/**
 * Verifies images and writes a folder with what a node needs to enforce them: settings of containerd, certificates, a
 * signed policy, kernel arguments, and the steps.
 * @throws VeritySignError with the verdict of an image that does not verify, 'usage', 'key', 'environment'
 */
export async function makeKit(options: NodeKitOptions, context: RunContext): Promise<NodeKitReport> {
  const folder = resolve(options.folder);
  requireKit(folder, options.folder);
  refuseOtherPolicies(folder, options.folder, options.name);
  // Of one profile they differ in their class alone.
  const [recipe] = recipesFor(options.verifying);
  if (recipe === undefined || options.verifying.profiles.length > 1)
    throw new TypeError('a kit is for one profile');
  const found = new Found(recipe.mkfsOptions);
  const policy = await makePolicy(
    { ...options, out: join(folder, KIT.policies), pushTo: [] },
    context,
    () => undefined,
    found,
  );
  const certificates = found.certificates();
  const settings = found.settings();
  const files = filesOf(policy, certificates, settings, found.platforms, recipe.profile, options.verifying);
  // First: it is by this file that a kit is known, also one that could not be written to its end.
  await writeFiles([[join(folder, KIT.arguments), Buffer.from(`${KERNEL_ARGUMENTS}\n`)]]);
  await writeFiles(files.map(([path, content]) => [join(folder, path), Buffer.from(content)]));
  await removeOthers(
    folder,
    files.map(([path]) => path),
  );
  const { name, version } = policy.policy;
  const policyFiles = ['ipe', 'json', 'p7b'].map((extension) => `${KIT.policies}/${name}.${extension}`);
  return {
    ...REPORT_HEAD,
    folder,
    policy: { name, version },
    images: policy.images,
    profile: recipe.profile,
    certificates: certificates.map(({ subject, vouchesFor, path }) => ({ subject, vouchesFor, path })),
    files: [...policyFiles, KIT.arguments, ...files.map(([path]) => path)].sort(),
  };
}

/** What the policy was made of. */
class Found {
  readonly platforms: VerifiedPlatform[] = [];
  readonly #anchors: Certificate[] = [];
  readonly #defaultOptions: readonly string[];
  #chain: CertificateChain | undefined;

  constructor(defaultOptions: readonly string[]) {
    this.#defaultOptions = defaultOptions;
  }

  readonly signer = (chain: CertificateChain): void => {
    this.#chain = chain;
  };

  readonly image = (verified: VerifiedImage): void => {
    this.platforms.push(...verified.platforms);
    this.#anchors.push(...anchorsOf(verified));
    // Images that no node can make together are refused before the policy is written.
    this.settings();
  };

  settings(): RecordedSettings {
    return recordedSettings(this.platforms, this.#defaultOptions);
  }

  certificates(): KitCertificate[] {
    const chain = this.#chain;
    if (chain === undefined) throw new TypeError('the policy has no signer');
    return kitCertificates(this.#anchors, trustedEnd(chain));
  }
}

/**
 * Only a new or empty folder, or one that has a kit, is written to.
 * @throws VeritySignError 'usage'
 */
function requireKit(folder: string, given: string): void {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found === undefined) return;
  const names = found.isDirectory() ? readdirSync(folder) : ['.'];
  // The policy is written before the file by which a kit is known, and a run may be killed in between.
  const begun = partialsOf(join(folder, KIT.arguments));
  const isOfKit = (name: string): boolean => name === KIT.policies || begun.markOf(name) !== undefined;
  if (names.includes(KIT.arguments) || names.every(isOfKit)) return;
  throw new VeritySignError('usage', `${given} exists and holds no node kit`, {
    remedy: 'Name a new or empty folder, or that of an earlier kit',
  });
}

/**
 * A kit has one policy. Files of another name may be of an earlier kit or of the user, who alone can tell.
 * @throws VeritySignError 'usage'
 */
function refuseOtherPolicies(folder: string, given: string, name: string): void {
  const policies = join(folder, KIT.policies);
  if (statSync(policies, { throwIfNoEntry: false })?.isDirectory() !== true) return;
  const others = readdirSync(policies).filter((file) => {
    const { ext, name: of } = parse(file);
    return ['.ipe', '.json', '.p7b'].includes(ext) && of !== name;
  });
  if (others.length === 0) return;
  const where = join(given, KIT.policies);
  throw new VeritySignError(
    'usage',
    `${where} has files of another policy than ${name}: ${others.join(', ')}`,
    {
      remedy: 'Remove them, or name a new folder: a kit has one policy',
    },
  );
}

/**
 * Removes what an earlier kit had and this one has not: a node would trust the certificate of a signer who was
 * replaced. Files that no kit writes stay.
 * @param current paths in the kit
 */
async function removeOthers(folder: string, current: readonly string[]): Promise<void> {
  const names = await readdir(join(folder, KIT.certificates));
  const certificates = names.filter(isCertificateName).map((name) => `${KIT.certificates}/${name}`);
  for (const path of [...certificates, KIT.kata]) {
    if (!current.includes(path)) await rm(join(folder, path), { force: true });
  }
}

function filesOf(
  { policy, images, rootHashes }: IpePolicyReport,
  certificates: readonly KitCertificate[],
  { mkfsOptions, classes }: RecordedSettings,
  platforms: readonly VerifiedPlatform[],
  profile: NodeKitReport['profile'],
  verifying: NodeKitOptions['verifying'],
): [path: string, content: string | Uint8Array][] {
  const names = new Set(
    platforms.flatMap(({ manifest }) => platformReport(manifest.platform).platform ?? []),
  );
  const named = images.map(({ name }) => name);
  const filling = cacheCommand(named, profile, mkfsOptions, verifying.platforms);
  const readme = kitReadme({
    images: named,
    profile,
    classes,
    ...(filling === undefined ? {} : { cacheCommand: filling }),
    policy: { name: policy.name, version: policy.version, hasBase: policy.base !== undefined },
    certificates,
    rootHashes: rootHashes.length,
  });
  const kata = rootHashes.map(({ rootHash, layers }) => ({ rootHash, layers }));
  return [
    [KIT.settings, `${nodeSettings(profile, mkfsOptions, [...names])}\n`],
    [KIT.modules, MODULES],
    ...certificates.map(({ path, der }): [string, Uint8Array] => [path, der]),
    ...(isForKata(profile) ? [[KIT.kata, json(kata)] as [string, string]] : []),
    [KIT.readme, readme],
  ];
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
