import { VeritySignError } from '../../errors.ts';
import type { ContainerSettings } from '../../oci/image-config.ts';

import type { PreflightSettings } from '../shared/preflight-settings.ts';
import type { JobHealth, JobProgram } from './vm/job.ts';

/** Of docker, in seconds. [docker-image-spec] */
const HEALTH = { interval: 30, timeout: 30, retries: 3 };
/** Seconds between two health checks here: a test is not to wait for the first one. */
const SHORT_INTERVAL = 2;
const NANOSECONDS = 1e9;
/** What no test waits for: a longer time, and more tries. */
const LONGEST = 86_400;
const MOST_TRIES = 1_000_000;

/**
 * The program of an image as a runtime starts it: entrypoint and command, or what the user gives instead.
 * @returns undefined for a test without a program
 * @throws VeritySignError 'usage' if there is no program, or no health check that is to be run; 'image' for a
 *   configuration that runtimes refuse
 */
export function programOf(config: ContainerSettings, settings: PreflightSettings): JobProgram | undefined {
  if (settings.static) return undefined;
  const words = settings.command ?? [...config.entrypoint, ...config.command];
  if (words.length === 0) {
    throw new VeritySignError('usage', 'the image configuration has neither entrypoint nor command', {
      remedy: 'Give the program with command, or set static to judge layers and files only',
    });
  }
  requireStartable(config);
  return {
    arguments: [...words],
    environment: config.environment,
    user: config.user,
    directory: config.directory === '' ? '/' : config.directory,
    limits: { time: seconds(settings.timeLimit), alive: seconds(settings.alive ?? 0) },
    health: settings.healthcheck ? healthOf(config) : undefined,
  };
}

/** What a kernel takes, and runc does not: the image would run here and on no node. [measured with runc 1.5.3] */
function requireStartable({ environment, directory }: ContainerSettings): void {
  const refuse = (what: string): never => {
    throw new VeritySignError('image', `the image configuration has ${what}: container runtimes refuse it`, {
      remedy: 'Correct the configuration of the image, sign the image and test it again',
    });
  };
  const odd = environment.find((variable) => variable.indexOf('=') <= 0);
  if (odd !== undefined) refuse(`the variable ${JSON.stringify(odd)}, which is not NAME=VALUE`);
  if (directory !== '' && !directory.startsWith('/'))
    refuse(`the working directory ${JSON.stringify(directory)}, which is not an absolute path`);
}

/** The health check of the configuration, more often than there and for as long. */
function healthOf({ health, shell }: ContainerSettings): JobHealth {
  const [kind, ...rest] = health?.test ?? [];
  const check =
    kind === 'CMD-SHELL' && rest.length > 0 ? [...shell, rest.join(' ')] : kind === 'CMD' ? rest : [];
  if (health === undefined || check.length === 0) {
    throw new VeritySignError('usage', 'the image configuration has no health check', {
      remedy: 'Omit healthcheck, or set alive to a time such as 10s',
    });
  }
  const given = health.interval > 0 ? health.interval / NANOSECONDS : HEALTH.interval;
  const interval = Math.min(given, SHORT_INTERVAL);
  const retries = health.retries > 0 ? health.retries : HEALTH.retries;
  return {
    interval: Math.max(1, Math.round(interval)),
    timeout: health.timeout > 0 ? wholeSeconds(health.timeout) : HEALTH.timeout,
    startPeriod: health.startPeriod > 0 ? wholeSeconds(health.startPeriod) : 0,
    retries: Math.min(MOST_TRIES, Math.ceil((retries * given) / interval)),
    check,
  };
}

function wholeSeconds(nanoseconds: number): number {
  return Math.min(LONGEST, Math.ceil(nanoseconds / NANOSECONDS));
}

function seconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1000);
}

/** What counts as success, in words. */
export function expectation({ limits: { time, alive }, health }: JobProgram): string {
  if (health !== undefined) return `healthy within ${time} s`;
  return alive > 0 ? `exit status 0, or alive after ${alive} s` : `exit status 0 within ${time} s`;
}
