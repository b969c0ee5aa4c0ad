import { asRoot, command, find } from '../common.ts';

let known: Promise<boolean> | undefined;

/** Whether this user is root, or becomes root by sudo without a password. */
export function canBeRoot(): Promise<boolean> {
  known ??= probe();
  return known;
}

async function probe(): Promise<boolean> {
  if (process.getuid?.() === 0) return true;
  if (find('sudo') === undefined) return false;
  return command(asRoot(['true'])).then(
    () => true,
    () => false,
  );
}
