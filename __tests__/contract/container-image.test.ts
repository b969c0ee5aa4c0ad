/** The Dockerfile, the templates for GitLab CI and the Task for Tekton, against the pins and the options. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { COMPONENTS, componentPath, renderComponent, WITHOUT } from '../../scripts/docs/gitlab-component.ts';
import { USER_ID } from '../../scripts/image/system-files.ts';
import { NODE } from '../../scripts/tools/image/pins.ts';
import { type InputSpec, inputsOf } from '../../src/frontend/inputs/catalog.ts';
import { CHECKSUMS, VERSION } from '../../src/tools/install/oras-release.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const { version } = JSON.parse(read('package.json')) as { version: string };
const folder = testFolder();

function lint(program: string, ...args: string[]): [status: number | null, said: string] {
  const { status, stdout, stderr } = spawnSync(toolPath(program), args, {
    cwd: root,
    env: toolEnvironment(),
    encoding: 'utf8',
  });
  return [status, stdout + stderr];
}

test("the image's Node is the one of package-lock.json", () => {
  const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, { version: string }> };
  const locked = lock.packages['node_modules/node']?.version;
  expect(Object.values(NODE).map((one) => one.package.split('@')[1])).toEqual([locked, locked]);
});

describe('Dockerfile', () => {
  const text = read('Dockerfile');

  test('hadolint finds nothing', () => {
    expect(lint('hadolint', 'Dockerfile')).toEqual([0, '']);
  });

  test('hadolint finds what is wrong', () => {
    const path = join(folder, 'Dockerfile');
    writeFileSync(path, 'FROM debian\nRUN cd /tmp\n');
    expect(lint('hadolint', path)).toEqual([1, expect.stringContaining('DL3003')]);
  });

  test.each(['amd64', 'arm64'])('has the pinned oras for %s', (architecture) => {
    const stage = text.split(/^FROM /m).find((part) => part.startsWith(`scratch AS oras-${architecture}\n`));
    expect(stage).toContain(`--checksum=sha256:${CHECKSUMS[VERSION]?.[`linux/${architecture}`]} `);
    expect(stage).toContain(`/v${VERSION}/oras_${VERSION}_linux_${architecture}.tar.gz`);
  });

  test('runs what the layout of npm run image runs', () => {
    expect(text).toMatch(new RegExp(`^USER ${USER_ID}:${USER_ID}$`, 'm'));
    expect(text).toMatch(/^ENTRYPOINT \["\/usr\/local\/bin\/verity-sign"\]$/m);
    expect(text).toMatch(/^WORKDIR \/work$/m);
  });

  test('copies only what its context has', () => {
    const context = read('.dockerignore').split('\n');
    expect(context).toContain('*');
    const copied = [...text.matchAll(/^COPY (.*) \S+$/gm)].flatMap(([, names = '']) => names.split(' '));
    expect(copied.length).toBeGreaterThan(3);
    expect(copied.filter((name) => !context.includes(`!${name}`))).toEqual([]);
  });
});

describe.each(COMPONENTS)('the template of GitLab CI for %s', (component) => {
  const text = read(componentPath(component));
  const [header, jobs] = parseAllDocuments(text).map((document) => document.toJS()) as [
    { spec: { inputs: Record<string, { default?: unknown; type?: string; options?: string[] }> } },
    Record<string, { script: string[]; variables: Record<string, string> }>,
  ];
  const { inputs } = header.spec;
  const options = inputsOf(component) as readonly InputSpec[];

  test('is what npm run docs writes', () => {
    expect(text).toBe(renderComponent(component));
  });

  test('has an input for each option, with its default, and says why it has no others', () => {
    const names = options.map(({ name }) => name);
    expect(names.filter((name) => !(name in inputs))).toEqual(names.filter((name) => name in WITHOUT));
    const extra = Object.keys(inputs).filter((name) => !names.includes(name));
    expect(extra).toEqual(['job', 'stage', 'container', 'image']);
    for (const { name, default: preset, value } of options) {
      if (name in WITHOUT || name === 'report') continue;
      const expected = value === undefined ? preset === 'true' : (preset ?? '');
      expect([name, inputs[name]?.default]).toEqual([name, expected]);
    }
    expect(inputs.container?.default).toBe(`ghcr.io/verity-sign/verity-sign:${version}`);
  });

  test('puts no value into the script, where a shell would read it', () => {
    const [job] = Object.values(jobs);
    const script = job?.script.join('\n') ?? '';
    expect(script).not.toContain('$[[');
    const path = join(folder, `${component}.sh`);
    writeFileSync(path, `#!/bin/sh\n${script}`);
    expect(lint('shellcheck', '--shell=sh', path)).toEqual([0, '']);
  });

  test('has no variable that the program reads itself', () => {
    const names = Object.values(jobs).flatMap(({ variables }) => Object.keys(variables));
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !name.startsWith('VERITY_SIGN_INPUT_'))).toEqual([]);
    const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .filter((name) => read(`src/${name}`).includes('VERITY_SIGN_INPUT_'));
    expect(sources).toEqual([]);
  });

  test('passes each value as one word', () => {
    const [job] = Object.values(jobs);
    const values = Object.fromEntries(
      Object.keys(job?.variables ?? {}).map((name) => [name, 'a b; $(c) "d"']),
    );
    const script = job?.script.join('\n') ?? '';
    writeFileSync(join(folder, 'verity-sign'), '#!/bin/sh\nprintf "%s\\n" "$@"\n', { mode: 0o755 });
    const env = { PATH: `${folder}:${toolEnvironment().PATH}`, ...values };
    const { status, stdout } = spawnSync('sh', ['-e', '-c', script], { env, encoding: 'utf8' });
    const given = options.filter(({ name }) => name in inputs);
    expect(status).toBe(0);
    expect(stdout.trimEnd().split('\n')).toEqual([
      component,
      values.VERITY_SIGN_INPUT_IMAGE,
      ...given.flatMap(({ name, value }) =>
        // A boolean has its value in the same word: true and false are both said.
        value === undefined ? [`--${name}=a b; $(c) "d"`] : [`--${name}`, 'a b; $(c) "d"'],
      ),
    ]);
    const none = Object.fromEntries(Object.keys(values).map((name) => [name, '']));
    const bare = spawnSync('sh', ['-e', '-c', script], { env: { ...env, ...none }, encoding: 'utf8' }).stdout;
    expect(bare).toBe(`${component}\n`);
  });
});

test('docs/container-image.md names each option that no template has', () => {
  const page = read('docs/container-image.md').replaceAll(/\s+/g, ' ');
  const [, sentence = ''] = /They lack (.*?)\. /.exec(page) ?? [];
  const named = [...sentence.matchAll(/`([^`:]+)`/g)].map(([, name = '']) => name);
  const lacking = Object.keys(WITHOUT).filter((name) => !name.startsWith('preflight-'));
  expect(named.sort()).toEqual(lacking.sort());
  const options = COMPONENTS.flatMap((component) => inputsOf(component).map(({ name }) => name as string));
  expect(Object.keys(WITHOUT).filter((name) => !options.includes(name))).toEqual([]);
});

test('the example of the templates gives inputs that they have', () => {
  const { include } = parse(read('examples/gitlab-ci/component.gitlab-ci.yml')) as {
    include: { remote: string; inputs: Record<string, string> }[];
  };
  expect(include).toHaveLength(COMPONENTS.length);
  for (const [at, { remote, inputs }] of include.entries()) {
    const path = componentPath(COMPONENTS[at] ?? 'sign');
    expect(remote).toMatch(new RegExp(`/verity-sign/verity-sign/v${version}/${path}$`));
    const [header] = parseAllDocuments(read(path)).map((document) => document.toJS());
    const known = header.spec.inputs as Record<string, unknown>;
    expect(Object.keys(inputs).filter((name) => !(name in known))).toEqual([]);
  }
});

test('the Task for Tekton runs as the user of the image, and gives options that exist', () => {
  const { spec } = parse(read('examples/tekton/sign.yaml')) as {
    spec: {
      stepTemplate: { securityContext: object };
      steps: { name: 'sign' | 'verify'; args: string[] }[];
    };
  };
  expect(spec.stepTemplate.securityContext).toMatchObject({
    runAsNonRoot: true,
    runAsUser: USER_ID,
    runAsGroup: USER_ID,
    readOnlyRootFilesystem: true,
  });
  expect(spec.steps.map(({ args }) => args[0])).toEqual(['sign', 'verify']);
  for (const { name, args } of spec.steps) {
    const known = inputsOf(name).map((input) => `--${input.name}`);
    const given = args.filter((arg) => arg.startsWith('--'));
    expect(given.length).toBeGreaterThan(1);
    expect(given.filter((option) => !known.includes(option))).toEqual([]);
  }
});
