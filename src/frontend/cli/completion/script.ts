import type { Command } from 'commander';
import { bashScript } from './bash.ts';
import { fishScript } from './fish.ts';
import type { Shell } from './shells.ts';
import { commandWords } from './words.ts';
import { zshScript } from './zsh.ts';

/** The script that completes command lines of `program` in a shell. */
export function completionScript(shell: Shell, program: Command): string {
  const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };
  return scripts[shell](program.name(), commandWords(program));
}
