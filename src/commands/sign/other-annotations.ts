import type { Logger } from '../../logger.ts';
import type { Descriptor } from '../../model/index.ts';

/**
 * Tells that a referrer serves although the annotations that were asked for are not all on it: no
 * signature covers them, and a second referrer for their sake would confuse nodes.
 */
export function tellOtherAnnotations(
  { digest }: Descriptor,
  own: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
  log: Logger,
): void {
  const other = Object.entries(wanted).filter(([name, value]) => own[name] !== value);
  if (other.length === 0) return;
  const names = other.map(([name]) => name).join(', ');
  log.info(
    `the signatures in ${digest} serve, and its annotations stay as they are: it lacks ${names} as given`,
  );
}
