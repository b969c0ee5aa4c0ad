/**
 * Every input of the Actions and every option of the CLI. `npm run docs` generates action.yml and the
 * tables of the documents from this list; the CLI's help reads it; contract tests compare them all.
 * A name occurs once, or once for each group of surfaces that needs its own description or default.
 */

import { CLASSES_IN_WORDS, PROFILE_NAMES } from '../../model/profiles.ts';
import {
  ACTIONS,
  CONVERTING,
  EVERYWHERE,
  GROUPS,
  type InputSpec,
  REFERRERS,
  SIGNING,
  SKIPPING,
  type Surface,
} from './input-spec.ts';
import { DOCTOR_INPUTS } from './lists/doctor.ts';
import { GITHUB_INPUTS } from './lists/github.ts';
import { INSTALL_INPUTS } from './lists/install.ts';
import { IPE_POLICY_INPUTS } from './lists/ipe-policy.ts';
import { KEY_LIFE_INPUTS } from './lists/key-life.ts';
import { NODE_INPUTS } from './lists/node.ts';
import { OUTPUT_INPUTS } from './lists/output.ts';
import { PREFLIGHT_INPUTS } from './lists/preflight.ts';
import { REGISTRY_INPUTS } from './lists/registry.ts';
import { SIGNING_INPUTS } from './lists/signing.ts';
import { VERIFYING_INPUTS } from './lists/verifying.ts';

export type { ActionSurface, InputSpec, Surface } from './input-spec.ts';

/** In the order of action.yml; the help and the tables list them by group. */
export const INPUTS = [
  {
    name: 'image',
    group: 'essential',
    description:
      'Images, one per line: registry/repository:tag or …@sha256:…, docker://…, oci:DIR[:TAG|@DIGEST] or oci-archive:FILE[:TAG|@DIGEST]. Signing with push-to also accepts docker-daemon:NAME[:TAG]. Lines that start with # are comments. Required unless metadata-file is set. A layer that several images share is converted once',
    value: 'IMAGE',
    list: 'lines',
    on: ACTIONS,
  },
  {
    name: 'metadata-file',
    group: 'image',
    description:
      'File that docker buildx build or bake wrote with --metadata-file, or its content, such as steps.bake.outputs.metadata: text that begins with { is JSON. Each image in it is processed by its digest, in addition to those listed',
    value: 'FILE',
    on: REFERRERS,
  },
  {
    name: 'platform',
    group: 'image',
    description:
      'Platforms of an index to process, such as linux/arm64, or linux(+erofs)/amd64 for images of EROFS layers. Default: every platform; preflight tests one, by default that of this machine',
    value: 'PLATFORM',
    list: true,
    on: EVERYWHERE,
  },
  {
    name: 'allow-skip',
    group: 'image',
    description:
      'Media types of layers that may stay unsigned, or nondistributable. Skipped layers are reported',
    value: 'TYPE',
    list: true,
    on: SKIPPING,
  },
  ...SIGNING_INPUTS,
  ...KEY_LIFE_INPUTS,
  ...IPE_POLICY_INPUTS,
  ...VERIFYING_INPUTS,
  ...DOCTOR_INPUTS,
  {
    name: 'profile',
    group: 'essential',
    description:
      'How the node turns layers into EROFS images: containerd, containerd-cache or containerd-tar-index; or tardev, as tardev-snapshotter of kata-containers does. Signing creates one signature artifact per profile; verify requires a valid artifact for each profile; preflight tests one profile',
    default: 'containerd',
    value: 'PROFILE',
    choices: PROFILE_NAMES,
    list: true,
    on: [...CONVERTING, 'doctor'],
  },
  {
    name: 'mkfs-options',
    group: 'erofs',
    description:
      "mkfs_options of containerd's EROFS differ plugin on the node. Default: -T0 --mkfs-time --sort=none (containerd-tar-index: -T0 --mkfs-time). verify uses the options that the signer recorded",
    value: 'OPTIONS',
    on: [...CONVERTING, 'doctor'],
  },
  {
    name: 'builder',
    group: 'erofs',
    description:
      'What creates the EROFS images: native (the built-in builder) or mkfs (the program mkfs.erofs, whose images are the same). Only mkfs supports other mkfs-options than the default, and versions of erofs-utils whose output is unknown',
    default: 'native',
    value: 'WHICH',
    choices: ['native', 'mkfs'],
    on: CONVERTING,
  },
  {
    name: 'erofs-utils-version',
    group: 'erofs',
    description: `With builder native: the versions of erofs-utils, or the version classes (${CLASSES_IN_WORDS}), to reproduce, one signature artifact per class; all for every class. Default: C, and for verify and preflight the class that the signer recorded. With builder mkfs: the required version or class; any also accepts a version whose output is unknown. Default: every version that passes the known-answer test`,
    value: 'VERSION',
    list: true,
    on: [...CONVERTING, 'doctor'],
  },
  {
    name: 'cross-check',
    group: 'erofs',
    description:
      'Create every image with both the native builder and mkfs.erofs. Fail on any difference and write a reproducer. A release pipeline can thus demand that two independent builders agree',
    default: 'false',
    on: CONVERTING,
  },
  {
    name: 'annotations',
    group: 'key',
    description:
      'Extra annotations for the signature manifests, one KEY=VALUE per line. In a GitHub workflow, the repository, commit, workflow and run are recorded automatically',
    value: 'KEY=VALUE',
    list: 'lines',
    on: SIGNING,
  },
  {
    name: 'push-to',
    group: 'registry',
    description:
      'Registry tags, in one repository or several, that receive the image of an OCI layout, an archive or the docker daemon, with its referrers. The image is signed and the signatures are verified before the push, so the registry never has a Linux image without its signatures; no tag is set before every repository has passed',
    value: 'TAG',
    list: true,
    on: SIGNING,
  },
  ...NODE_INPUTS,
  ...PREFLIGHT_INPUTS,
  {
    name: 'dry-run',
    group: 'output',
    description: 'Compute all root hashes, but read no key and sign, attach and push nothing',
    default: 'false',
    on: SIGNING,
  },
  ...OUTPUT_INPUTS,
  ...REGISTRY_INPUTS,
  ...INSTALL_INPUTS,
  ...GITHUB_INPUTS,
] as const satisfies readonly InputSpec[];

type Input = (typeof INPUTS)[number];
export type InputName = Input['name'];

type ChoiceIn<I, N extends InputName, S extends Surface> = I extends {
  name: N;
  on: readonly (infer O)[];
  choices: readonly (infer C)[];
}
  ? S extends O
    ? C
    : never
  : never;
/** The values that an input with choices accepts on a surface. */
export type Choice<N extends InputName, S extends Surface> = ChoiceIn<Input, N, S>;

/**
 * Values as the user wrote them; items of a list are on separate lines. Absent and empty mean the same, as in a
 * workflow; command line and library refuse what is given and empty.
 */
export type RawValues = Partial<Record<InputName, string>>;

/** The inputs of a surface, in order. */
export function inputsOf(surface: Surface): (InputSpec & { name: InputName })[] {
  return INPUTS.filter((input) => (input.on as readonly Surface[]).includes(surface));
}

/** The inputs by group: those of a surface, or all of them. A group without inputs is absent. */
export function inputGroups<Input extends InputSpec>(inputs: readonly Input[]): [title: string, Input[]][] {
  return Object.entries(GROUPS).flatMap(([group, title]): [string, Input[]][] => {
    const own = inputs.filter((input) => input.group === group);
    return own.length === 0 ? [] : [[title, own]];
  });
}

/** The input of that name on a surface; undefined if the surface does not have it. */
export function inputOf(name: InputName, surface: Surface): InputSpec | undefined {
  return inputsOf(surface).find((input) => input.name === name);
}
