import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FailureCase, Stage } from './stage.ts';

const HOST = '127.0.0.1:1';

/** A run with this `.docker/config.json` in the home folder. */
function withConfig(stage: Stage, config: string, program?: string) {
  const home = stage.scratch();
  mkdirSync(join(home, '.docker'));
  writeFileSync(join(home, '.docker/config.json'), config);
  const path = program === undefined ? {} : { PATH: `${join(program, '..')}:/usr/bin:/bin` };
  const oras = ['--oras-path', stage.script('oras', "echo 'Version:        1.3.3'")];
  return stage.rootHash(`${HOST}/app:1`, ['--plain-http', ...oras], { env: { HOME: home, ...path } });
}

const helper = (name: string): string => JSON.stringify({ credHelpers: { [HOST]: name } });
const entry = (value: object): string => JSON.stringify({ auths: { [HOST]: value } });

/** Of the part `environment`: what keeps a run from finding credentials. */
export const LOGINS: FailureCase[] = [
  { name: 'credential helper that is missing', run: (stage) => withConfig(stage, helper('missing')) },
  {
    name: 'credential helper that fails',
    run: (stage) => {
      const program = stage.script('docker-credential-broken', 'echo no role was found; exit 1');
      return withConfig(stage, helper('broken'), program);
    },
  },
  {
    name: 'credential helper that prints no JSON',
    run: (stage) => {
      const program = stage.script('docker-credential-silent', 'exit 0');
      return withConfig(stage, helper('silent'), program);
    },
  },
  {
    name: 'credential helper with a path',
    run: (stage) => withConfig(stage, helper('../helper')),
  },
  { name: 'config.json that is cut', run: (stage) => withConfig(stage, '{"auths":{') },
  {
    name: 'config.json with half an entry',
    run: (stage) => withConfig(stage, entry({ username: 'someone' })),
  },
  {
    name: 'config.json that is a folder',
    run: (stage) => {
      const home = stage.scratch();
      mkdirSync(join(home, '.docker/config.json'), { recursive: true });
      const oras = ['--oras-path', stage.script('oras', "echo 'Version:        1.3.3'")];
      return stage.rootHash(`${HOST}/app:1`, oras, { env: { HOME: home } });
    },
  },
];
