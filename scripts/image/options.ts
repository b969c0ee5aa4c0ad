import { parseArgs } from 'node:util';
import { VeritySignError } from '../../src/errors.ts';
import { ARCHITECTURES, SNAPSHOT } from '../tools/image/pins.ts';
import type { Architecture } from '../tools/pins.ts';

export interface ImageOptions {
  architectures: readonly Architecture[];
  /** Path of the npm package of verity-sign. Without it, that of this checkout is packed. */
  package?: string;
  /** Time of every file, in seconds since 1970. */
  epoch: number;
}

export const HELP = `npm run image -- [options] DIR

  --platform PLATFORM  linux/amd64 or linux/arm64; may be repeated. Default: both, in an index
  --package FILE       npm package of verity-sign (npm pack). Default: that of this checkout

SOURCE_DATE_EPOCH is the time of every file, in seconds since 1970. Default: ${SNAPSHOT.time}`;

/** Options of a command line, or undefined if help is wanted. Raises `usage` errors. */
export function readOptions(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): (ImageOptions & { dir: string }) | undefined {
  const { values, positionals } = parse(args);
  if (values.help === true) return undefined;
  const [dir, ...more] = positionals;
  if (dir === undefined || more.length > 0)
    throw usage(`${positionals.length} folders are given`, 'Name one');
  const platforms = values.platform ?? ARCHITECTURES.map((architecture) => `linux/${architecture}`);
  const architectures = [...new Set(platforms)].map((platform) => {
    const known = ARCHITECTURES.find((architecture) => platform === `linux/${architecture}`);
    if (known === undefined) throw usage(`platform ${platform} is unknown`, 'Use linux/amd64 or linux/arm64');
    return known;
  });
  return {
    dir,
    architectures,
    epoch: readEpoch(env.SOURCE_DATE_EPOCH),
    ...(values.package === undefined ? {} : { package: values.package }),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        platform: { type: 'string', multiple: true },
        package: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
  } catch (cause) {
    throw usage((cause as Error).message, 'Run: npm run image -- --help');
  }
}

function readEpoch(text: string | undefined): number {
  if (text === undefined || text === '') return Date.parse(SNAPSHOT.time) / 1000;
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw usage(`SOURCE_DATE_EPOCH is ${text}`, 'Set it to seconds since 1970');
}

function usage(message: string, remedy: string): VeritySignError {
  return new VeritySignError('usage', message, { remedy });
}
