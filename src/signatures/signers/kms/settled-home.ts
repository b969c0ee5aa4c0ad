import { VeritySignError } from '../../../errors.ts';
import { isHomeSettled } from '../../../lib/process/environment.ts';

/**
 * Refuses a HOME with which the client of a service would look for its settings in the working folder. They name
 * programs that the client starts. Programs give themselves another HOME; the library leaves its caller's as it is.
 * [@smithy/core getHomeDir; google-auth-library googleauth.js]
 * @throws VeritySignError 'key'
 */
export function requireSettledHome(service: string): void {
  if (isHomeSettled()) return;
  throw new VeritySignError(
    'key',
    `HOME is no absolute path: the client of ${service} would read its settings from the working folder`,
    { remedy: 'Set HOME to the home folder of this user, or unset it' },
  );
}
