/** The shells themselves, and shellcheck, read the completion scripts. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { inputsOf } from '../../src/frontend/inputs/catalog.ts';
import { run } from '../../src/lib/process/run.ts';
import { cliOk } from '../helpers/cli.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';

const folder = testFolder();
beforeAll(() => {
  mkdirSync(join(folder, 'keys'));
  writeFileSync(join(folder, 'signer.pem'), '');
});

const scripts = new Map<string, string>();
beforeAll(async () => {
  for (const name of ['bash', 'zsh', 'fish']) scripts.set(name, (await cliOk(['completion', name])).stdout);
});

function scriptFile(name: string, file = `completion.${name}`): string {
  const path = join(folder, file);
  writeFileSync(path, scripts.get(name) ?? '');
  return path;
}

function shell(argv: readonly string[]): Promise<string> {
  const env = toolEnvironment({ HOME: folder, XDG_CONFIG_HOME: folder });
  return run(argv, { cwd: folder, env, timeout: 300_000 }).then(({ stdout }) => stdout.toString());
}

/** What bash offers at the end of a line. Its words are split at blanks, and at = and : as bash does it. */
async function offered(line: string): Promise<string[]> {
  const words = line.split(' ').flatMap((word) => word.split(/(?<=[=:])|(?=[=:])/));
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an expansion of bash
  const print = 'printf "%s\\n" "${COMPREPLY[@]}"';
  const ask = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _verity_sign; ${print}`;
  const found = await shell(['bash', '--norc', '-c', ask, 'bash', scriptFile('bash'), ...words]);
  return found.split('\n').filter(Boolean).sort();
}

describe('bash', () => {
  test.each<[string, string[]]>([
    ['verity-sign ve', ['verify', 'version']],
    ['verity-sign --v', ['--version']],
    ['verity-sign verify --rec', ['--recompute']],
    ['verity-sign verify x --recompute=', ['false', 'true']],
    ['verity-sign verify x --recompute=f', ['false']],
    // A boolean takes no next word, so there an image is completed.
    ['verity-sign verify --recompute oci-', ['oci-archive:']],
    ['verity-sign sign x --layers ', ['all', 'auto', 'none', 'required']],
    ['verity-sign sign x --manifest-signature=j', ['jws']],
    ['verity-sign verify x --manifest-signature ', ['auto', 'none', 'required']],
    ['verity-sign verify x --output js', ['json']],
    ['verity-sign verify x --trusted-certificate si', ['signer.pem']],
    ['verity-sign verify x --temp-dir k', ['keys']],
    ['verity-sign verify x --at ', []],
    ['verity-sign inspect oci:k', ['keys']],
    ['verity-sign inspect oci-archive:s', ['signer.pem']],
    ['verity-sign root-hash si', ['signer.pem']],
    ['verity-sign completion ', ['bash', 'fish', 'zsh']],
    ['verity-sign help co', ['completion']],
    ['verity-sign version --oras-path si', ['signer.pem']],
  ])('%s', async (line, expected) => {
    expect(await offered(line)).toEqual(expected);
  });

  test.each(['sign', 'root-hash', 'verify', 'inspect', 'version'] as const)(
    'all options of %s',
    async (command) => {
      const names = inputsOf(command).map(({ name }) => `--${name}`);
      expect(await offered(`verity-sign ${command} --`)).toEqual([...names, '--help'].sort());
    },
  );
});

test('shellcheck accepts the script for bash', async () => {
  await shell([toolPath('shellcheck'), '--shell=bash', scriptFile('bash')]);
});

test('zsh accepts its script, as a file in fpath and sourced', async () => {
  mkdirSync(join(folder, 'functions'));
  const path = scriptFile('zsh', 'functions/_verity-sign');
  await shell([toolPath('zsh'), '--no-exec', path]);
  const found =
    'fpath=("$1" $fpath); autoload -Uz compinit; compinit -u -D; print -r -- $_comps[verity-sign]';
  expect(await shell([toolPath('zsh'), '-f', '-c', found, 'zsh', join(folder, 'functions')])).toBe(
    '_verity-sign\n',
  );
  const sourced = 'autoload -Uz compinit; compinit -u -D; source "$1"; print -r -- $_comps[verity-sign]';
  expect(await shell([toolPath('zsh'), '-f', '-c', sourced, 'zsh', path])).toBe('_verity-sign\n');
});

test.each([
  ['verity-sign ve', ['verify', 'version']],
  ['verity-sign sign x --layers ', ['all', 'auto', 'none', 'required']],
  ['verity-sign verify x --manifest-signature ', ['auto', 'none', 'required']],
  ['verity-sign verify x --rec', ['--recompute']],
  ['verity-sign completion z', ['zsh']],
])('fish completes: %s', async (line, expected) => {
  const path = scriptFile('fish');
  const ask = 'source $argv[1]; complete --do-complete $argv[2]';
  const lines = (await shell([toolPath('fish'), '--no-config', '-c', ask, path, line])).split('\n');
  expect(
    lines
      .map((text) => text.split('\t')[0])
      .filter(Boolean)
      .sort(),
  ).toEqual(expected);
});
