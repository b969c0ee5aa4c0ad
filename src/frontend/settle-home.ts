import { homeFolder } from '../lib/process/environment.ts';

/** Gives this process a HOME that is absolute, for the clients of services and for plugins, which read it too. */
export function settleHome(): void {
  process.env.HOME = homeFolder();
}
