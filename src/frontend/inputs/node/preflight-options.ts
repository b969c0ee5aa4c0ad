import { resolve } from 'node:path';
import type { PreflightOptions } from '../../../commands/preflight/options.ts';
import type { PreflightSettings } from '../../../commands/shared/preflight-settings.ts';
import { VeritySignError } from '../../../errors.ts';
import { GUEST_KINDS, guestOf } from '../../../model/guest-architecture.ts';
import { PROFILE_NAMES } from '../../../model/profiles.ts';
import { parsePlatform } from '../../../oci/image/platform.ts';
import type { InputName, RawValues } from '../catalog.ts';
import {
  certificateReferences,
  choice,
  commonOptions,
  type Dialect,
  flag,
  optional,
  parsed,
  required,
  text,
} from '../common-options.ts';
import { parseDuration, parseSize } from '../parse-values.ts';
import { shellWords } from './shell-words.ts';

/** All options of `preflight` except the image. */
export type PreflightingOptions = Omit<PreflightOptions, 'image'>;

/** Bytes: with less, the kernel and the list of files of an image do not fit. */
const SMALLEST_MEMORY = 256 * 1024 * 1024;
/** That of a VM in a run of signing. */
const MEMORY = 1024 * 1024 * 1024;

/** Inputs that have an effect only with `preflight`. */
const OF_SIGNING = [
  'preflight-command',
  'preflight-alive',
  'preflight-healthcheck',
  'preflight-time-limit',
  'preflight-static',
  'preflight-allow-denials',
  'preflight-certificate',
  'preflight-accel',
  'preflight-guest-dir',
] as const satisfies readonly InputName[];

/** Checks the inputs of the command `preflight`. Raises usage errors that name the input. */
export function preflightOptions(raw: RawValues, dialect: Dialect): PreflightingOptions {
  const { label } = dialect;
  const common = commonOptions(raw, dialect);
  requireOne(common.profiles, 'profile', `one of ${PROFILE_NAMES.join(', ')}`, dialect);
  requireOne(common.platforms, 'platform', 'one', dialect);
  for (const platform of common.platforms) requireOfVm(platform, dialect);
  const trustedCertificates = certificateReferences(raw, 'trusted-certificate', dialect);
  if (trustedCertificates.length === 0) {
    throw new VeritySignError('usage', `${label('trusted-certificate')} is missing`, {
      remedy: 'Give the certificates that the nodes trust: the kernel of the VM trusts these and no others',
    });
  }
  const settings: PreflightSettings = {
    ...programSettings(raw, '', dialect),
    memory: required(parsed(raw, 'memory', dialect, parseSize), 'memory', dialect),
    network: flag(raw, 'network', dialect),
    accelerator: choice(raw, 'accel', 'preflight', dialect),
    ...optional('guestDir', folder(raw, 'guest-dir')),
    ...optional('kernel', ownKernel(raw, dialect)),
    ...optional('ipePolicy', folder(raw, 'ipe-policy')),
    trustedCertificates,
  };
  if (settings.memory < SMALLEST_MEMORY) {
    throw new VeritySignError(
      'usage',
      `${label('memory')}: ${text(raw, 'memory')} is too little for the VM`,
      {
        remedy: 'Give at least 256MiB',
      },
    );
  }
  return { ...common, ...settings };
}

/**
 * Checks the inputs of signing about `preflight`.
 * @returns undefined without `preflight`
 */
export function preflightOfSigning(raw: RawValues, dialect: Dialect): PreflightSettings | undefined {
  const { label } = dialect;
  if (!flag(raw, 'preflight', dialect)) {
    // The Action has a text for each of its inputs, those with a default included.
    const idle = OF_SIGNING.find((name) => isGiven(raw, name));
    if (idle === undefined) return undefined;
    throw new VeritySignError('usage', `${label(idle)} has no effect without ${label('preflight')}`, {
      remedy: 'Set preflight to true, or omit it',
    });
  }
  return {
    ...programSettings(raw, 'preflight-', dialect),
    memory: MEMORY,
    network: false,
    accelerator: choice(raw, 'preflight-accel', 'sign', dialect),
    ...optional('guestDir', folder(raw, 'preflight-guest-dir')),
    trustedCertificates: certificateReferences(raw, 'preflight-certificate', dialect),
  };
}

function isGiven(raw: RawValues, name: (typeof OF_SIGNING)[number]): boolean {
  const given = raw[name]?.trim() ?? '';
  return given !== '' && given !== text({}, name);
}

type ProgramSettings = Pick<
  PreflightSettings,
  'command' | 'alive' | 'healthcheck' | 'timeLimit' | 'static' | 'allowDenials'
>;

function programSettings(raw: RawValues, prefix: '' | 'preflight-', dialect: Dialect): ProgramSettings {
  const { label } = dialect;
  const [limit, alive] = [`${prefix}time-limit`, `${prefix}alive`] as const;
  const settings: ProgramSettings = {
    ...optional('command', parsed(raw, `${prefix}command`, dialect, shellWords)),
    ...optional('alive', parsed(raw, alive, dialect, parseDuration)),
    healthcheck: flag(raw, `${prefix}healthcheck`, dialect),
    timeLimit: required(parsed(raw, limit, dialect, parseDuration), limit, dialect),
    static: flag(raw, `${prefix}static`, dialect),
    allowDenials: flag(raw, `${prefix}allow-denials`, dialect),
  };
  const refuse = (first: InputName, second: InputName, remedy: string): never => {
    throw new VeritySignError('usage', `${label(first)} and ${label(second)} contradict one another`, {
      remedy,
    });
  };
  if (settings.static) {
    const names = ['command', 'alive', 'healthcheck', 'allow-denials'] as const;
    const given = names.find((name) => {
      const value = settings[name === 'allow-denials' ? 'allowDenials' : name];
      return value !== undefined && value !== false;
    });
    if (given !== undefined)
      refuse(`${prefix}${given}`, `${prefix}static`, 'Omit one of them: static runs no program');
  }
  if (settings.healthcheck && settings.alive !== undefined)
    refuse(alive, `${prefix}healthcheck`, 'Choose what counts as success');
  if (settings.alive !== undefined && settings.alive >= settings.timeLimit) {
    const [time, longest] = [text(raw, alive), text(raw, limit)];
    throw new VeritySignError(
      'usage',
      `${label(alive)}: ${time} is not less than ${label(limit)} (${longest})`,
      { remedy: `Raise ${limit} above the time that the program must be alive` },
    );
  }
  return settings;
}

function ownKernel(raw: RawValues, { label }: Dialect): PreflightSettings['kernel'] {
  const [image, modules] = [folder(raw, 'kernel'), folder(raw, 'modules')];
  if (image === undefined && modules === undefined) return undefined;
  if (image !== undefined && modules !== undefined) return { image, modules };
  const [given, missing] =
    image === undefined ? (['modules', 'kernel'] as const) : (['kernel', 'modules'] as const);
  throw new VeritySignError('usage', `${label(given)} is given without ${label(missing)}`, {
    remedy: 'Give the kernel of the node and the folder of its modules',
  });
}

function folder(raw: RawValues, name: InputName): string | undefined {
  const given = text(raw, name);
  return given === undefined ? undefined : resolve(given);
}

function requireOfVm(platform: string, { label }: Dialect): void {
  const { os, architecture } = parsePlatform(platform);
  if (os === 'linux' && guestOf(architecture) !== undefined) return;
  const ours = Object.values(GUEST_KINDS).map((kind) => kind.platform);
  throw new VeritySignError(
    'usage',
    `${label('platform')}: the VM of preflight runs images of ${ours.join(' and ')}, not of ${platform}`,
    { remedy: `Omit it, or give ${ours.join(' or ')}` },
  );
}

function requireOne(given: readonly string[], name: InputName, expected: string, { label }: Dialect): void {
  if (given.length <= 1) return;
  throw new VeritySignError('usage', `${label(name)} lists ${given.length} values, and preflight tests one`, {
    remedy: `Give ${expected}, and test the others in runs of their own`,
  });
}
