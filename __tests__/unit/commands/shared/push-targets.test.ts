import { expect, test } from '@jest/globals';
import { pushRepositories } from '../../../../src/commands/shared/push-targets.ts';

test('tags by repository, in order, each once however it is written', () => {
  expect(
    pushRepositories(['app:1', 'r.example/a:1', 'docker.io/library/app:1', 'r.example/a', 'docker://app:2']),
  ).toEqual([
    { registry: 'docker.io', repository: 'docker.io/library/app', tags: ['1', '2'] },
    { registry: 'r.example', repository: 'r.example/a', tags: ['1', 'latest'] },
  ]);
});

test.each(['oci:dir', 'docker-daemon:app', `r.example/a:1@sha256:${'a'.repeat(64)}`])(
  'refuses %s',
  (text) => {
    expect(() => pushRepositories(['r.example/a:1', text])).toThrow(
      expect.objectContaining({ code: 'usage', message: `push-to: ${text} is not a tag in a registry` }),
    );
  },
);
