import { describe, expect, test } from '@jest/globals';
import type { Descriptor } from '../../../../src/model/index.ts';
import { choicesOf, entriesNamed } from '../../../../src/oci/image/layout-names.ts';

const entry = (hex: string, name?: string, full?: string): Descriptor => ({
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  digest: `sha256:${hex.repeat(64)}`,
  size: 1,
  annotations: {
    ...(name === undefined ? {} : { 'org.opencontainers.image.ref.name': name }),
    ...(full === undefined ? {} : { 'io.containerd.image.name': full }),
  },
});

describe('a name', () => {
  const app = entry('a', '1.0', 'docker.io/library/app:1.0');
  const web = entry('b', '1.0', 'ghcr.io/example/web:1.0');
  const podman = entry('c', 'localhost/tool:2');
  const entries = [app, web, podman, entry('d')];

  test.each<[string, Descriptor[]]>([
    ['1.0', [app, web]],
    ['app:1.0', [app]],
    ['docker.io/library/app:1.0', [app]],
    ['ghcr.io/example/web:1.0', [web]],
    ['tool:2', [podman]],
    ['localhost/tool:2', [podman]],
    ['app', []],
    ['example/web:1.0', []],
    ['Not A Name', []],
  ])('%s', (name, expected) => {
    expect(entriesNamed(entries, name)).toEqual(expected);
  });

  test("docker's before podman's", () => {
    const docker = entry('e', 'latest', 'docker.io/library/tool:2');
    expect(entriesNamed([podman, docker], 'tool:2')).toEqual([docker]);
  });
});

test('choices lead to one image each', () => {
  const entries = [
    entry('a', '1.0', 'docker.io/library/app:1.0'),
    entry('b', '1.0'),
    entry('c', 'localhost/tool:2'),
    entry('d'),
    entry('e', 'x'),
    entry('e', 'y'),
  ];
  const choices = choicesOf(entries, 20);
  expect(choices).toEqual([
    ':docker.io/library/app:1.0',
    `@${entries[1]?.digest}`,
    ':localhost/tool:2',
    `@${entries[3]?.digest}`,
    ':x',
    ':y',
  ]);
  expect(choicesOf(entries, 2)).toEqual(choices.slice(0, 2));
  for (const choice of choices.filter((one) => one.startsWith(':')))
    expect(new Set(entriesNamed(entries, choice.slice(1)).map(({ digest }) => digest)).size).toBe(1);
});

test('of 20,000 entries', () => {
  const many = Array.from({ length: 20_000 }, (_, index) => entry('a', `t${index}`, `r.example/a:${index}`));
  expect(choicesOf(many, 20)).toHaveLength(20);
  expect(entriesNamed(many, 'r.example/a:19999')).toHaveLength(1);
});
