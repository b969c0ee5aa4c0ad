import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { CommonOptions, LayersChoice } from '../../commands/shared/options.ts';
import { classOf, recipesFor } from '../../convert/erofs/recipe.ts';
import { VeritySignError } from '../../errors.ts';
import { KNOWN_CLASSES, type KnownClass, PROFILE_NAMES, type ProfileName } from '../../model/profiles.ts';
import type { InputName, RawValues } from './catalog.ts';
import {
  parseChoice,
  parseCount,
  parseDuration,
  parseErofsVersion,
  parseList,
  parsePlatform,
  parseSize,
} from './parse-values.ts';
import { registryOptions } from './registry-options.ts';
import { choice, type Dialect, flag, optional, parsed, required, value } from './values.ts';

export {
  certificateReference,
  certificateReferences,
  choice,
  type Dialect,
  flag,
  optional,
  parsed,
  required,
  text,
} from './values.ts';

/** Whether layer signatures are required, required of `all` images, made where possible (`auto`), or not made (`none`). */
export function layersChoice(raw: RawValues, surface: 'sign' | 'verify', dialect: Dialect): LayersChoice {
  return choice(raw, 'layers', surface, dialect);
}

/** Checks the inputs that all commands share. Raises usage errors that name the input. */
export function commonOptions(raw: RawValues, dialect: Dialect): CommonOptions {
  const list = <T extends string>(name: InputName, check: (item: string, label: string) => T): T[] =>
    parseList(value(raw, name)).map((item) => check(item, dialect.label(name)));
  const cores = Math.min(64, availableParallelism());
  const options: CommonOptions = {
    platforms: list('platform', parsePlatform),
    profiles: list('profile', (item, label): ProfileName => parseChoice(item, PROFILE_NAMES, label)),
    ...builderOptions(raw, dialect),
    ...optional('mkfsOptions', value(raw, 'mkfs-options')),
    concurrency:
      parsed(raw, 'concurrency', dialect, (text, label) => parseCount(text, 1, 64, label)) ?? cores,
    timeout: required(parsed(raw, 'timeout', dialect, parseDuration), 'timeout', dialect),
    maxLayerSize: required(parsed(raw, 'max-layer-size', dialect, parseSize), 'max-layer-size', dialect),
    ...optional('tempDir', absolute(value(raw, 'temp-dir'))),
    registry: registryOptions(raw, dialect),
    tools: {
      ...optional('orasPath', programPath(value(raw, 'oras-path'))),
      ...optional('mkfsPath', programPath(value(raw, 'mkfs-path'))),
    },
    allowSkip: parseList(value(raw, 'allow-skip')),
  };
  // Before a tool is installed for options that cannot work.
  recipesFor(options);
  return options;
}

function absolute(path: string | undefined): string | undefined {
  return path === undefined ? undefined : resolve(path);
}

/** A name without a slash is one to look up on PATH. */
function programPath(path: string | undefined): string | undefined {
  return path?.includes('/') === true ? resolve(path) : path;
}

type BuilderOptions = Pick<CommonOptions, 'builder' | 'crossCheck' | 'erofsUtilsVersion' | 'classes'>;

function builderOptions(raw: RawValues, dialect: Dialect): BuilderOptions {
  const label = dialect.label('erofs-utils-version');
  const builder = choice(raw, 'builder', 'sign', dialect);
  const crossCheck = flag(raw, 'cross-check', dialect);
  const versions = parseList(value(raw, 'erofs-utils-version'));
  if (builder === 'native') {
    if (!crossCheck) refuseMkfsInputs(raw, versions, dialect);
    const classes = classesOf(versions, label);
    return {
      builder,
      crossCheck,
      ...(classes.length === 0 ? {} : { classes }),
      // The mkfs.erofs to compare with.
      ...(crossCheck && versions.length === 1 && versions[0] !== ALL_CLASSES
        ? optional('erofsUtilsVersion', versions[0])
        : {}),
    };
  }
  if (versions.includes(ALL_CLASSES)) {
    throw new VeritySignError(
      'usage',
      `${label} ${ALL_CLASSES} has no effect with builder mkfs: a mkfs.erofs is of one class`,
      {
        remedy: 'Use builder native for all classes, or name one class or version, or omit it',
      },
    );
  }
  const [version, ...more] = versions.map((text) => parseErofsVersion(text, label));
  if (more.length > 0) {
    throw new VeritySignError('usage', `${label} lists several versions, but builder mkfs accepts only one`, {
      remedy: 'Choose one, or use builder native',
    });
  }
  return { builder, crossCheck, ...optional('erofsUtilsVersion', version) };
}

/** The distinct classes, in the user's order. */
function classesOf(versions: readonly string[], label: string): KnownClass[] {
  const named = versions.filter((text) => text !== ANY_VERSION);
  if (!named.includes(ALL_CLASSES)) return [...new Set(named.map((text) => classOf(text, label)))];
  const others = named.filter((text) => text !== ALL_CLASSES);
  if (others.length === 0) return [...KNOWN_CLASSES];
  throw new VeritySignError('usage', `${label} lists ${ALL_CLASSES} and ${others.join(', ')}`, {
    remedy: `Use ${ALL_CLASSES} alone, or name the classes`,
  });
}

/** Every class that the native builder reproduces. */
const ALL_CLASSES = 'all';
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
