import type { Command } from 'commander';
import { bashScript } from './bash.ts';
import { fishScript } from './fish.ts';
import { commandWords, SHELLS, type Shell } from './words.ts';
import { zshScript } from './zsh.ts';

export { SHELLS, type Shell };

/** The script that completes command lines of `program` in a shell. */
export function completionScript(shell: Shell, program: Command): string {
  const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };
  return scripts[shell](program.name(), commandWords(program));
}
