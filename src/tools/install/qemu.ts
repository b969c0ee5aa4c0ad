import { VeritySignError } from '../../errors.ts';
import { ToolError } from '../../lib/process/run.ts';
import { GUEST_KINDS, type GuestArchitecture } from '../../model/guest-architecture.ts';
import { Apt } from './apt.ts';
import type { InstallContext } from './context.ts';
import { findInstalled } from './locate.ts';

/**
 * Makes sure that preflight finds QEMU for an architecture: it is there, or apt-get installs it. Without what its package
 * recommends, it has no windows and no sound.
 * @throws VeritySignError 'environment'
 */
export async function ensureQemu(architecture: GuestArchitecture, context: InstallContext): Promise<void> {
  const { program, package: name } = GUEST_KINDS[architecture].qemu;
  const isThere = (): boolean => findInstalled(program) !== undefined;
  if (isThere()) return;
  const apt = await Apt.open(context);
  if (!(apt instanceof Apt)) throw notInstalled(name, apt);
  try {
    await apt.install([name]);
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    throw notInstalled(name, error.message.replaceAll(/\s+/g, ' '), error);
  }
  if (!isThere()) throw notInstalled(name, `the package ${name} has no ${program}`);
}

function notInstalled(name: string, why: string, cause?: unknown): VeritySignError {
  return new VeritySignError('environment', `preflight needs QEMU, which cannot be installed: ${why}`, {
    remedy: `Install it before this step: sudo apt-get install --no-install-recommends ${name}`,
    cause,
  });
}
