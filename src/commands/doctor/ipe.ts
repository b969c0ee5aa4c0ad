import { decide, type LayerVerdict } from '../../formats/ipe/policy.ts';
import { versionText } from '../../formats/ipe/version.ts';
import { IPE } from './active-policy.ts';
import { type Node, type NodeCheck, ok, unknown, type Wanted, type WantedLayer, wrong } from './check.ts';
import { layerVerdicts } from './layer-verdicts.ts';

const SECURITYFS = '/sys/kernel/security';

/** Whether IPE is one of the active security modules. */
export async function checkIpe({ files }: Node): Promise<NodeCheck> {
  const modules = await files.text(`${SECURITYFS}/lsm`);
  if (modules === undefined) {
    return unknown('ipe', `${SECURITYFS}/lsm cannot be read`, 'Mount securityfs, and run as root');
  }
  if (modules.split(',').includes('ipe')) return ok('ipe', `active: ${modules}`);
  return wrong(
    'ipe',
    `not active: ${modules}`,
    'Add ipe to the kernel argument lsm=, of a kernel that is built with it',
  );
}

/** Whether IPE denies, or only logs. */
export async function checkEnforcement({ files, activePolicy }: Node): Promise<NodeCheck> {
  const path = `${IPE}/enforce`;
  const value = await files.text(path);
  if (value === undefined)
    return unknown('ipe-enforced', `${path} cannot be read`, 'Run as root, on a kernel with IPE');
  if (value !== '1')
    return wrong('ipe-enforced', 'IPE only logs', `Write 1 to ${path}, and boot without ipe.enforce=0`);
  if (activePolicy.state === 'none')
    return wrong(
      'ipe-enforced',
      'on, but no policy is active: IPE denies nothing',
      'Correct the line ipe-policy first',
    );
  return ok('ipe-enforced', 'on: IPE denies what the active policy denies');
}

/** Whether the active policy lets the wanted layers execute as containerd opens them, and nothing else. */
export function checkPolicy({ activePolicy, erofsUtils }: Node, { layers }: Wanted): NodeCheck {
  if (activePolicy.state === 'none') {
    return wrong(
      'ipe-policy',
      'no policy is active: every program may execute',
      `Load a policy of verity-sign ipe-policy at each boot: write it to ${IPE}/new_policy, and 1 to ${IPE}/policies/NAME/active`,
    );
  }
  if (activePolicy.state === 'unknown') return unknown('ipe-policy', activePolicy.found, activePolicy.remedy);
  const { policy } = activePolicy;
  const name = `${policy.name} ${versionText(policy.version)}`;
  if (decide(policy, 'EXECUTE', NOTHING).action === 'ALLOW') {
    return wrong(
      'ipe-policy',
      `${name} lets any program execute`,
      'Activate a policy with DEFAULT op=EXECUTE action=DENY',
    );
  }
  if (layers.length === 0) return ok('ipe-policy', `${name} is active, and denies what it does not name`);
  const isOfClass = layers.some(({ rootHashes }) => rootHashes.size > 1) && erofsUtils.class !== undefined;
  const made = isOfClass ? ` as class ${erofsUtils.class} of erofs-utils makes them` : '';
  const verdicts = new Map(layers.map((layer) => [layer, layerVerdicts(policy, layer, erofsUtils)]));
  const those = (test: (one: ReadonlySet<LayerVerdict>) => boolean): WantedLayer[] =>
    layers.filter((layer) => test(verdicts.get(layer) ?? new Set()));
  const lacking = those((one) => !one.has('allowed'));
  if (lacking.length > 0) {
    const isSignedOnly = lacking.some((layer) => verdicts.get(layer)?.has('signed-only'));
    const why = isSignedOnly ? ': it demands a signature, and containerd passes none to the kernel' : '';
    return wrong('ipe-policy', `${name} denies ${labels(lacking, layers)}${made}${why}`, MAKE_POLICY);
  }
  const partly = those((one) => one.size > 1);
  if (partly.length > 0) {
    return unknown(
      'ipe-policy',
      `${name} allows only some of the signed root hashes of ${labels(partly, layers)}, and it cannot be seen which of them the node has`,
      MAKE_POLICY,
    );
  }
  return ok('ipe-policy', `${name} allows all ${layers.length} layers${made}`);
}

const MAKE_POLICY = 'Make a policy of this image with verity-sign ipe-policy, and activate it';

function labels(some: readonly WantedLayer[], all: readonly WantedLayer[]): string {
  const [first] = some;
  return some.length === 1
    ? (first?.label ?? '')
    : `${some.length} of ${all.length} layers, the first is ${first?.label}`;
}

/** Facts of a file of which nothing is known, such as one that was written at run time. */
const NOTHING: ReadonlySet<string> = new Set([
  'boot_verified=FALSE',
  'dmverity_signature=FALSE',
  'fsverity_signature=FALSE',
]);
