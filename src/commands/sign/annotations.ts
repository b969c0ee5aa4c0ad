import type { Logger } from '../../logger.ts';
import type { Descriptor } from '../../model/index.ts';
import { buildArtifact, type OwnAnnotations } from '../../oci/attach/artifact.ts';
import type { RunContext, SignOptions } from '../shared/options.ts';

/**
 * Refuses annotations that clash with ours, before any work is done.
 * @throws VeritySignError 'usage'
 */
export function checkAnnotations({ annotations }: SignOptions): void {
  const subject = { mediaType: '', digest: '', size: 0 };
  buildArtifact({ subject, entries: [], own: {}, created: new Date(0), extra: annotations });
}

/** Annotations that say where the signing happened. */
export function runAnnotations(ci: RunContext['ci']): OwnAnnotations {
  return { source: ci?.source, revision: ci?.revision, workflow: ci?.workflow, 'run-url': ci?.runUrl };
}

/**
 * Reports that a reused referrer lacks some requested annotations. They are no reason to sign again: no
 * signature covers them, and a second referrer would confuse nodes.
 */
export function reportOtherAnnotations(
  { digest }: Descriptor,
  present: Readonly<Record<string, string>>,
  requested: Readonly<Record<string, string>>,
  log: Logger,
): void {
  const other = Object.entries(requested).filter(([name, value]) => present[name] !== value);
  if (other.length === 0) return;
  const names = other.map(([name]) => name).join(', ');
  log.info(`reusing the signatures in ${digest}; its annotations are not changed (requested: ${names})`);
}
