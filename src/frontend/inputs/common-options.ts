import { availableParallelism } from 'node:os';
import type { CommonOptions, LayersChoice, RegistryOptions } from '../../commands/shared/options.ts';
import { classOf } from '../../convert/erofs/recipe.ts';
import { VeritySignError } from '../../errors.ts';
import { PROFILE_NAMES, type ProfileName } from '../../model/profiles.ts';
import { INPUTS, type InputName, inputOf, type RawValues, type Surface } from './catalog.ts';
import {
  parseChoice,
  parseCount,
  parseDuration,
  parseErofsVersion,
  parseFlag,
  parseList,
  parsePlatform,
  parseSize,
} from './parse-values.ts';
import type { SecretStore } from './secrets.ts';
import { passwordFromReference } from './secrets.ts';

/** How a surface names its inputs in messages, and how it accepts secrets. */
export interface Dialect {
  label(name: InputName): string;
  /** True if the registry's password may be the value itself (masked inputs), false if only a reference. */
  literalPassword: boolean;
  secrets: SecretStore;
}

/**
 * The value that the user gave, else its default; undefined without either.
 * @param surface needed for a name whose default differs between surfaces
 */
function value(raw: RawValues, name: InputName, surface?: Surface): string | undefined {
  const given = raw[name]?.trim();
  if (given !== undefined && given !== '') return given;
  if (surface !== undefined) return inputOf(name, surface)?.default;
  const spec = INPUTS.find((input) => input.name === name);
  return spec !== undefined && 'default' in spec ? spec.default : undefined;
}

/** Applies `parse` to a value, if there is one. */
export function parsed<T>(
  raw: RawValues,
  name: InputName,
  dialect: Dialect,
  parse: (text: string, label: string) => T,
): T | undefined {
  const text = value(raw, name);
  return text === undefined ? undefined : parse(text, dialect.label(name));
}

export function required<T>(result: T | undefined, name: InputName, dialect: Dialect): T {
  if (result === undefined) {
    throw new VeritySignError('usage', `${dialect.label(name)} is missing`, {
      remedy: 'Set it, or use dry-run to compute the root hashes without signing',
    });
  }
  return result;
}

/** `{[key]: value}`, or `{}` for undefined: optional properties are absent, never undefined. */
export function optional<K extends string, T>(key: K, result: T | undefined): { [P in K]?: T } {
  return result === undefined ? {} : ({ [key]: result } as { [P in K]?: T });
}

export function flag(raw: RawValues, name: InputName, dialect: Dialect): boolean {
  return parsed(raw, name, dialect, parseFlag) ?? false;
}

export function text(raw: RawValues, name: InputName): string | undefined {
  return value(raw, name);
}

/** One of `choices`; without a value, the default of the input on this surface. */
export function choice<T extends string>(
  raw: RawValues,
  name: InputName,
  surface: Surface,
  choices: readonly T[],
  dialect: Dialect,
): T {
  return parseChoice(value(raw, name, surface) ?? '', choices, dialect.label(name));
}

/** Whether layer signatures are required, required of `all` images, made where possible (`auto`), or not made (`none`). */
export function layersChoice(raw: RawValues, surface: Surface, dialect: Dialect): LayersChoice {
  return choice(raw, 'layers', surface, ['required', 'all', 'auto', 'none'], dialect);
}

/** Checks the inputs that all commands share. Raises usage errors that name the input. */
export function commonOptions(raw: RawValues, dialect: Dialect): CommonOptions {
  const list = <T extends string>(name: InputName, check: (item: string, label: string) => T): T[] =>
    parseList(value(raw, name)).map((item) => check(item, dialect.label(name)));
  const cores = Math.min(64, availableParallelism());
  return {
    platforms: list('platform', parsePlatform),
    profiles: list('profile', (item, label): ProfileName => parseChoice(item, PROFILE_NAMES, label)),
    ...builderOptions(raw, dialect),
    ...optional('mkfsOptions', value(raw, 'mkfs-options')),
    concurrency:
      parsed(raw, 'concurrency', dialect, (text, label) => parseCount(text, 1, 64, label)) ?? cores,
    timeout: required(parsed(raw, 'timeout', dialect, parseDuration), 'timeout', dialect),
    maxLayerSize: required(parsed(raw, 'max-layer-size', dialect, parseSize), 'max-layer-size', dialect),
    ...optional('tempDir', value(raw, 'temp-dir')),
    registry: registryOptions(raw, dialect),
    tools: {
      ...optional('orasPath', value(raw, 'oras-path')),
      ...optional('mkfsPath', value(raw, 'mkfs-path')),
    },
    allowSkip: parseList(value(raw, 'allow-skip')),
  };
}

type BuilderOptions = Pick<CommonOptions, 'builder' | 'crossCheck' | 'erofsUtilsVersion' | 'classes'>;

function builderOptions(raw: RawValues, dialect: Dialect): BuilderOptions {
  const label = dialect.label('erofs-utils-version');
  const builder = parseChoice(value(raw, 'builder') ?? '', ['mkfs', 'native'], dialect.label('builder'));
  const crossCheck = flag(raw, 'cross-check', dialect);
  const versions = parseList(value(raw, 'erofs-utils-version'));
  if (builder === 'native') {
    if (!crossCheck) refuseMkfsInputs(raw, versions, dialect);
    const known = versions.filter((text) => text !== ANY_VERSION);
    const classes = [...new Set(known.map((text) => classOf(text, label)))];
    return {
      builder,
      crossCheck,
      ...(classes.length === 0 ? {} : { classes }),
      // The mkfs.erofs to compare with.
      ...(crossCheck && versions.length === 1 ? optional('erofsUtilsVersion', versions[0]) : {}),
    };
  }
  const [version, ...more] = versions.map((text) => parseErofsVersion(text, label));
  if (more.length > 0) {
    throw new VeritySignError('usage', `${label} lists several versions, but builder mkfs accepts only one`, {
      remedy: 'Choose one, or use builder native',
    });
  }
  return { builder, crossCheck, ...optional('erofsUtilsVersion', version) };
}

/** Accepts a mkfs.erofs whose output is unknown. */
const ANY_VERSION = 'any';
/** Inputs that only a run with mkfs.erofs uses. */
const MKFS_INPUTS = ['mkfs-path', 'erofs-utils-url', 'erofs-utils-sha256'] satisfies InputName[];

/** Rejects inputs about mkfs.erofs in a run that does not use it: the user expects another builder. */
function refuseMkfsInputs(raw: RawValues, versions: readonly string[], { label }: Dialect): void {
  const given = MKFS_INPUTS.filter((name) => value(raw, name) !== undefined).map(label);
  if (versions.includes(ANY_VERSION)) given.push(`${label('erofs-utils-version')} ${ANY_VERSION}`);
  if (given.length === 0) return;
  const verb = given.length === 1 ? 'has' : 'have';
  throw new VeritySignError('usage', `${given.join(', ')} ${verb} no effect with builder native`, {
    remedy: 'Set builder to mkfs, or set cross-check to use both builders, or omit it',
  });
}

function registryOptions(raw: RawValues, dialect: Dialect): RegistryOptions {
  const username = value(raw, 'registry-username');
  const password = parsed(raw, 'registry-password', dialect, (text, label) =>
    dialect.literalPassword
      ? (dialect.secrets.capture(text, label) ?? text)
      : passwordFromReference(text, label, dialect.secrets),
  );
  if ((username === undefined) !== (password === undefined)) {
    const [given, missing] =
      username === undefined
        ? (['registry-password', 'registry-username'] as const)
        : (['registry-username', 'registry-password'] as const);
    throw new VeritySignError('usage', `${dialect.label(given)} is given without ${dialect.label(missing)}`, {
      remedy: "Set both, or omit both to use docker's configuration",
    });
  }
  return {
    ...optional('username', username),
    ...optional('password', password),
    plainHttp: flag(raw, 'plain-http', dialect),
    ...optional('caFile', value(raw, 'ca-file')),
    referrers:
      parsed(raw, 'referrers', dialect, (item, label) =>
        parseChoice(item, ['auto', 'api', 'tag'] as const, label),
      ) ?? 'auto',
  };
}
