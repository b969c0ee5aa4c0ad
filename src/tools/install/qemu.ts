import { VeritySignError } from '../../errors.ts';
import { ToolError } from '../../lib/process/run.ts';
import { Apt } from './apt.ts';
import type { InstallContext } from './context.ts';
import { findOnPath } from './locate.ts';

const PROGRAM = 'qemu-system-x86_64';
/** Debian's and Ubuntu's. Without what it recommends, it has no windows and no sound. */
const PACKAGE = 'qemu-system-x86';

/**
 * Makes sure that QEMU is on PATH: it is there, or apt-get installs it.
 * @throws VeritySignError 'environment'
 */
export async function ensureQemu(context: InstallContext): Promise<void> {
  if (findOnPath(PROGRAM) !== undefined) return;
  const apt = await Apt.open(context);
  if (!(apt instanceof Apt)) throw notInstalled(apt);
  try {
    await apt.install([PACKAGE]);
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    throw notInstalled(error.message.replaceAll(/\s+/g, ' '), error);
  }
  if (findOnPath(PROGRAM) === undefined) throw notInstalled(`the package ${PACKAGE} has no ${PROGRAM}`);
}

function notInstalled(why: string, cause?: unknown): VeritySignError {
  return new VeritySignError('environment', `preflight needs QEMU, which cannot be installed: ${why}`, {
    remedy: `Install it before this step: sudo apt-get install --no-install-recommends ${PACKAGE}`,
    cause,
  });
}
