import { VeritySignError } from '../../../errors.ts';
import type { ActionSurface, RawValues, Surface } from '../../inputs/catalog.ts';
import { choice, type Dialect, flag, text } from '../../inputs/values.ts';

/** Where the results of a run of the CLI go, and how much it logs. */
export interface OutputOptions {
  /** Standard output gets the report instead of tables. */
  json: boolean;
  /** A path, or `-` for standard output. */
  report?: string;
  log: LogLevel;
}

export type LogLevel = 'debug' | 'normal' | 'quiet';

/** Checks the options about output. Raises usage errors that name the option. */
export function outputOptions(
  raw: RawValues,
  surface: Exclude<Surface, ActionSurface>,
  dialect: Dialect,
): OutputOptions {
  const report = text(raw, 'report');
  const format = choice(raw, 'output', surface, dialect);
  const alias = flag(raw, 'json', dialect);
  if (alias && raw.output !== undefined && format === 'text') {
    throw contradiction(`${dialect.label('json')} and ${dialect.label('output')} text`);
  }
  return {
    json: alias || format === 'json',
    ...(report === undefined ? {} : { report }),
    log: logLevel(raw, dialect),
  };
}

/** How much a run logs. Raises usage errors that name the option. */
export function logLevel(raw: RawValues, dialect: Dialect): LogLevel {
  const [debug, quiet] = [flag(raw, 'debug', dialect), flag(raw, 'quiet', dialect)];
  if (debug && quiet) throw contradiction(`${dialect.label('debug')} and ${dialect.label('quiet')}`);
  return debug ? 'debug' : quiet ? 'quiet' : 'normal';
}

function contradiction(both: string): VeritySignError {
  return new VeritySignError('usage', `${both} contradict one another`, { remedy: 'Omit one of them' });
}
