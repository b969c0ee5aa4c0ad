import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { ORAS } from '../../scripts/tools/pins.ts';
import { type InputSpec, inputsOf, type Surface } from '../../src/frontend/inputs/catalog.ts';
import { VERSION } from '../../src/tools/install/oras-release.ts';
import { outputsIn } from '../helpers/action-files.ts';
import { cliOk } from '../helpers/cli.ts';
import { needsCertificate } from '../helpers/key-holders.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';

const root = join(import.meta.dirname, '../..');
const WORKFLOWS = globSync('.github/workflows/*.yml', { cwd: root }).sort();
const EXAMPLES = globSync('examples/*.yml', { cwd: root }).sort();
const ALL = [...WORKFLOWS, ...EXAMPLES];
const folder = testFolder();
const DOCUMENTS = ['README.md', ...globSync('{docs,examples}/*.md', { cwd: root }).sort()];
/** The reusable workflows, with the Action of each and the jobs that need no permissions. */
const REUSABLE: Record<string, { surface: Surface; helpers: string[] }> = {
  'sign-image.yml': { surface: 'action', helpers: ['plan', 'gate'] },
  'verify-image.yml': { surface: 'verify-action', helpers: ['plan', 'gate'] },
  'ipe-policy.yml': { surface: 'ipe-policy-action', helpers: [] },
};
/** Files for other CI systems, which call the CLI. */
const ELSEWHERE = [
  'examples/gitlab-ci/.gitlab-ci.yml',
  'examples/azure-pipelines/azure-pipelines.yml',
  'examples/jenkins/Jenkinsfile',
];

interface Input {
  required?: boolean;
  type?: string;
  default?: unknown;
}

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}

interface Job {
  name?: string;
  steps?: Step[];
  uses?: string;
  with?: Record<string, unknown>;
  secrets?: Record<string, unknown>;
  permissions?: Record<string, string>;
}

interface Workflow {
  on: Record<string, { inputs?: Record<string, Input>; secrets?: Record<string, Input>; outputs?: object }>;
  permissions?: Record<string, string>;
  jobs: Record<string, Job>;
}

const text = (path: string): string => readFileSync(join(root, path), 'utf8');
const workflow = (path: string): Workflow => parse(text(path));

/** What a linter says that found something; empty if it found nothing. */
function findings(program: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(toolPath(program), args, {
    cwd: root,
    env: toolEnvironment(),
    encoding: 'utf8',
  });
  if (error !== undefined) throw error;
  return status === 0 ? '' : `exit status ${status}\n${stdout}${stderr}`;
}

/** Path inside the project of what a `uses` names; undefined if it is somebody else's. */
function ownPart(uses: string): string | undefined {
  if (uses === './') return '';
  if (uses.startsWith('$/')) return uses.slice('$/'.length);
  const match = /^verity-sign\/verity-sign(?:\/(.*))?@(?:v0|[0-9a-f]{40})$/.exec(uses);
  return match === null ? undefined : (match[1] ?? '');
}

const SURFACES: Record<string, Surface> = {
  '': 'action',
  sign: 'action',
  verify: 'verify-action',
  'ipe-policy': 'ipe-policy-action',
};

interface Given {
  uses: string;
  given: string[];
  known: string[];
  required: string[];
}

/** The input that a key reference requires beside it. */
function chainFor({ key }: Record<string, unknown> = {}): string[] {
  return typeof key === 'string' && !key.includes('${{') && needsCertificate(key) ? ['certificate'] : [];
}

/** Everything in jobs that calls a part of this project, with what it gives and may give. */
function calls(jobs: readonly Job[]): Given[] {
  return jobs.flatMap((job) => [
    ...(job.steps ?? []).flatMap((step) => {
      const part = step.uses === undefined ? undefined : ownPart(step.uses);
      if (step.uses === undefined || part === undefined) return [];
      const surface = SURFACES[part];
      if (surface === undefined) throw new Error(`there is no Action ${part}`);
      const known = inputsOf(surface).map(({ name }) => name);
      const given = Object.keys(step.with ?? {});
      // One of them; see scripts/docs.ts.
      const image = given.includes('metadata-file') ? [] : ['image'];
      return [{ uses: step.uses, given, known, required: [...image, ...chainFor(step.with)] }];
    }),
    ...(job.uses === undefined ? [] : reusableCalls(job.uses, job)),
  ]);
}

/** Inputs and secrets apart: neither is taken for the other. */
function reusableCalls(uses: string, job: Job): Given[] {
  const part = ownPart(uses);
  if (part === undefined) throw new Error(`${uses} is no workflow of this project`);
  const { inputs = {}, secrets = {} } = workflow(part).on.workflow_call ?? {};
  const check = (declared: Record<string, Input>, values: object = {}): Given => ({
    uses,
    given: Object.keys(values),
    known: Object.keys(declared),
    required: Object.entries(declared).flatMap(([name, { required }]) => (required === true ? [name] : [])),
  });
  const call = check(inputs, job.with);
  const required = [...call.required, ...chainFor(job.with)];
  return [{ ...call, required }, check(secrets, job.secrets)];
}

function expectGiven({ uses, given, known, required }: Given): void {
  expect({ uses, unknown: given.filter((name) => !known.includes(name)) }).toEqual({ uses, unknown: [] });
  expect({ uses, missing: required.filter((name) => !given.includes(name)) }).toEqual({ uses, missing: [] });
}

describe('linters', () => {
  test('actionlint, with shellcheck, finds nothing', () => {
    const shellcheck = `-shellcheck=${toolPath('shellcheck')}`;
    const config = ['-config-file', '.github/actionlint.yaml', '-pyflakes='];
    expect(findings('actionlint', shellcheck, ...config, ...ALL)).toBe('');
  });

  test('actionlint accepts metadata-file instead of image', () => {
    const given = join(folder, 'metadata');
    cpSync(join(root, 'action.yml'), join(given, 'action.yml'));
    cpSync(join(root, 'dist/sign-action.js'), join(given, 'dist/sign-action.js'));
    const path = join(given, '.github/workflows/bake.yml');
    mkdirSync(dirname(path), { recursive: true });
    mkdirSync(join(given, '.git'));
    const step = { uses: './', with: { 'metadata-file': 'metadata.json', key: 'env://KEY' } };
    const job = { 'runs-on': 'ubuntu-24.04', steps: [step] };
    writeFileSync(path, JSON.stringify({ on: 'push', jobs: { job } }));
    expect(findings('actionlint', path)).toBe('');
    // It does read the inputs of that Action.
    writeFileSync(
      path,
      JSON.stringify({
        on: 'push',
        jobs: { job: { ...job, steps: [{ uses: './', with: { unknown: 'x' } }] } },
      }),
    );
    expect(findings('actionlint', path)).toContain('unknown');
  });

  test('actionlint does use shellcheck', () => {
    const path = join(folder, 'bad.yml');
    const job = { 'runs-on': 'ubuntu-24.04', steps: [{ run: 'echo $UNQUOTED' }] };
    writeFileSync(path, JSON.stringify({ on: 'push', jobs: { job } }));
    expect(findings('actionlint', `-shellcheck=${toolPath('shellcheck')}`, path)).toContain('SC2086');
  });

  test('zizmor finds nothing, pedantic', () => {
    const options = ['--offline', '--no-progress', '--persona', 'pedantic', '--config', '.github/zizmor.yml'];
    expect(findings('zizmor', ...options, '.github', ...EXAMPLES)).toBe('');
  });
});

describe.each(ALL)('%s', (path) => {
  const { jobs, permissions } = workflow(path);
  const steps = Object.values(jobs).flatMap((job) => job.steps ?? []);

  test('gives only inputs that exist, and all that are required', () => {
    for (const call of calls(Object.values(jobs))) expectGiven(call);
  });

  test('pins the actions of others by commit, with the version beside it', () => {
    const lines = text(path)
      .split('\n')
      .filter((line) => /^\s*(- )?uses:/.test(line));
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      expect(line).toMatch(
        /uses: (\.\/|\$\/(sign|verify|ipe-policy)|verity-sign\/verity-sign\S*@v0|[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/,
      );
    }
  });

  test('puts no expression into a script', () => {
    expect(steps.flatMap(({ run }) => (run?.includes('${{') ? [run] : []))).toEqual([]);
  });

  test('ends no output of several lines with a word that a line may be', () => {
    expect(steps.flatMap(({ run }) => (/[\w-]<<[A-Za-z_]/.test(run ?? '') ? [run] : []))).toEqual([]);
  });

  test('grants nothing to jobs by default', () => {
    if (path.endsWith('ci.yml')) expect(permissions).toEqual({ contents: 'read' });
    else if (basename(path) in REUSABLE) expect(permissions).toBeUndefined();
    else expect(permissions).toEqual({});
  });
});

test.each([
  ['with a final newline', 'r.example/a@sha256:1\n# END_OF_IMAGES\nEND_OF_IMAGES\n'],
  ['without', 'r.example/a@sha256:1\nr.example/b@sha256:2'],
])('the fleet-policy example passes a list on, %s', (_what, list) => {
  const own = join(folder, `fleet-${list.length}`);
  mkdirSync(join(own, 'fleet'), { recursive: true });
  writeFileSync(join(own, 'fleet/images.txt'), list);
  const { list: job } = workflow('examples/fleet-policy.yml').jobs;
  const script = job?.steps?.find(({ run }) => run !== undefined)?.run ?? 'exit 1';
  const env = toolEnvironment({ GITHUB_OUTPUT: join(own, 'output') });
  const { status, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-e', '-c', script], {
    cwd: own,
    env,
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
  expect(outputsIn(join(own, 'output'))).toEqual({ images: list.trimEnd() });
});

// What a caller pins by commit must not run a tag of this project, which moves.
test.each(WORKFLOWS)('fault 79: %s names no Action of this project by a tag', (path) => {
  expect(text(path)).not.toMatch(/uses: +["']?verity-sign\//);
});

test.each(DOCUMENTS)('workflows shown in %s give only inputs that exist', (path) => {
  const shown = [...text(path).matchAll(/^```ya?ml\n(.*?)^```$/gms)].map(([, yaml = '']) => parse(yaml));
  for (const one of shown) {
    const jobs: Job[] = Array.isArray(one) ? [{ steps: one }] : Object.values(one?.jobs ?? {});
    for (const call of calls(jobs)) expectGiven(call);
  }
});

describe("the README's first workflow", () => {
  const [, yaml = ''] =
    /<!-- first-workflow: checked by a test -->\n```yaml\n(.*?)^```$/ms.exec(text('README.md')) ?? [];
  const { permissions, jobs }: Workflow = parse(yaml);
  const steps = Object.values(jobs).flatMap((job) => job.steps ?? []);

  /** What actionlint says about it in a repository in which this project's Action is the one of this checkout. */
  function lint(changed: string): string {
    const place = join(folder, 'readme');
    for (const file of ['action.yml', 'dist/sign-action.js']) cpSync(join(root, file), join(place, file));
    const path = join(place, '.github/workflows/image.yml');
    for (const needed of [dirname(path), join(place, '.git')]) mkdirSync(needed, { recursive: true });
    writeFileSync(path, changed.replace('verity-sign/verity-sign@v0', './'));
    return findings('actionlint', `-shellcheck=${toolPath('shellcheck')}`, '-pyflakes=', path);
  }

  test('is the first code that a reader sees, and is complete', () => {
    expect(text('README.md').indexOf('```')).toBe(text('README.md').indexOf(`\`\`\`yaml\n${yaml}`));
    expect(permissions).toEqual({});
    expect(Object.values(jobs).map((job) => job.permissions)).toEqual([
      { contents: 'read', packages: 'write' },
    ]);
    const names = steps.map(({ uses }) => uses?.split('@')[0]);
    const order = [
      'actions/checkout',
      'docker/login-action',
      'docker/build-push-action',
      'verity-sign/verity-sign',
    ];
    expect(names.filter((name) => order.includes(name ?? ''))).toEqual(order);
  });

  test('passes actionlint, which knows the inputs of all its actions', () => {
    expect(lint(yaml)).toBe('');
    for (const input of ['certificate', 'registry', 'tags', 'image']) {
      expect(yaml).toContain(` ${input}: `);
      expect(lint(yaml.replace(` ${input}: `, ` un${input}: `))).toContain(`un${input}`);
    }
  });

  test('uses the major versions of actions that the examples pin', () => {
    const pinned = ALL.flatMap((path) => [
      ...text(path).matchAll(/uses: ([\w./-]+)@[0-9a-f]{40} # (v\d+)/g),
    ]).map(([, action, major]) => `${action}@${major}`);
    const others = steps.flatMap(({ uses }) =>
      uses === undefined || ownPart(uses) !== undefined ? [] : [uses],
    );
    expect(others.length).toBeGreaterThan(3);
    expect(others.filter((uses) => !pinned.includes(uses))).toEqual([]);
  });

  test('gets each secret and variable by a command that the README shows', () => {
    const used = [...yaml.matchAll(/(secrets|vars)\.(\w+)/g)].map(([, kind, name]) => [kind, name]);
    expect(used).toHaveLength(2);
    for (const [kind, name] of used) {
      const command = kind === 'secrets' ? 'secret' : 'variable';
      expect(text('README.md')).toMatch(new RegExp(`^gh ${command} set ${name} < signer\\.(key|pem)`, 'm'));
    }
  });
});

test('the README shows the Action, its gate, verify and a reusable workflow', () => {
  const uses = [...text('README.md').matchAll(/uses: verity-sign\/verity-sign(\S*)@v0/g)].map(
    ([, part]) => part,
  );
  expect(new Set(uses)).toEqual(new Set(['', '/verify', '/.github/workflows/sign-image.yml']));
});

// `$/` is newer than the runner that the Actions themselves need.
test.each(['README.md', 'docs/platform-teams.md', 'examples/README.md'])(
  '%s says which runner the reusable workflows need, wherever it says what a runner needs',
  (path) => {
    const [, needed = ''] =
      /runners of version (\d+\.\d+\.\d+)/.exec(text('.github/workflows/sign-image.yml')) ?? [];
    const parts = text(path).split(/^#+ /m);
    const about = parts.filter((part) =>
      /2\.327\.1|\(\.\.\/\.github\/workflows\/sign-image\.yml\)/.test(part),
    );
    expect([about.length > 0, needed]).toEqual([true, '2.336.0']);
    expect(about.filter((part) => !part.includes(needed))).toEqual([]);
  },
);

// GitHub calls the job of a called workflow `<calling job> / <job>`, and a required check with another name waits for ever.
test('documents name the checks to require as GitHub does', () => {
  const callers = Object.values(workflow('examples/org-wide.yml').jobs);
  const checks = callers.flatMap(({ name, uses = '' }) => {
    const gate = Object.values(workflow(ownPart(uses) ?? '').jobs).at(-1);
    return [`\`${name} / ${gate?.name}\``];
  });
  expect(checks).toHaveLength(2);
  for (const path of ['docs/platform-teams.md', 'examples/README.md']) {
    const named = [
      ...text(path)
        .replaceAll(/\s+/g, ' ')
        .matchAll(/`?(\w+ \/ )?Every image is \w+`?/g),
    ];
    expect({ path, named: named.map(([check]) => check).sort() }).toEqual({ path, named: checks });
  }
});

test('an action has one commit everywhere', () => {
  const pins = new Map<string, Set<string>>();
  for (const path of ALL) {
    for (const [, action = '', pin = ''] of text(path).matchAll(/uses: ([\w./-]+)@([0-9a-f]{40} # \S+)/g)) {
      const repository = action.split('/').slice(0, 2).join('/');
      pins.set(repository, (pins.get(repository) ?? new Set()).add(pin));
    }
  }
  expect([...pins].filter(([, versions]) => versions.size > 1)).toEqual([]);
});

describe.each(Object.entries(REUSABLE))('reusable workflow %s', (name, { surface, helpers }) => {
  const { on, jobs } = workflow(`.github/workflows/${name}`);
  const { inputs = {}, outputs = {} } = on.workflow_call ?? {};

  test('inputs have a type, and a default unless they are required', () => {
    for (const [input, { type, required, default: value }] of Object.entries(inputs)) {
      expect({ input, type }).toEqual({ input, type: expect.stringMatching(/^(string|boolean|number)$/) });
      expect({ input, either: (required === true) !== (value !== undefined) }).toEqual({
        input,
        either: true,
      });
    }
  });

  test('defaults are those of the Action', () => {
    for (const spec of inputsOf(surface) as readonly InputSpec[]) {
      if (spec.name in inputs && spec.default !== undefined) {
        expect([spec.name, String(inputs[spec.name]?.default)]).toEqual([spec.name, spec.default]);
      }
    }
  });

  test('every input is used', () => {
    const used = new Set(
      [...text(`.github/workflows/${name}`).matchAll(/inputs\.([\w-]+)/g)].map(([, one]) => one),
    );
    expect(Object.keys(inputs).filter((input) => !used.has(input))).toEqual([]);
  });

  test('has outputs, and no permissions for jobs that need none', () => {
    expect(Object.keys(outputs).length).toBeGreaterThan(0);
    const others = Object.entries(jobs).filter(([, { permissions }]) => permissions !== undefined);
    expect(others).toEqual(helpers.map((id) => [id, expect.objectContaining({ permissions: {} })]));
    expect(Object.keys(jobs)).toHaveLength(helpers.length + 1);
  });
});

describe('CI systems that call the CLI', () => {
  test.each(ELSEWHERE)('%s uses commands and options that exist', async (path) => {
    // One line a command: continued with a backslash, or folded by YAML's `>-`.
    const joined = text(path)
      .replace(/\\\n/g, ' ')
      .replace(/\n\s+(?=--)/g, ' ');
    const used = [...joined.matchAll(/\bverity-sign(?:[@:]\S+)? (sign|verify|inspect|root-hash) (.*)/g)];
    expect(used.length).toBeGreaterThan(0);
    for (const [, command = '', rest = ''] of used) {
      const { stdout } = await cliOk([command, '--help']);
      const known = [...stdout.matchAll(/^ {2}(--[\w-]+)/gm)].map(([, option]) => option);
      const options = [...rest.matchAll(/(?<=\s)--[\w-]+/g)].map(([option]) => option);
      expect(options.length).toBeGreaterThan(0);
      expect({ command, unknown: options.filter((option) => !known.includes(option)) }).toEqual({
        command,
        unknown: [],
      });
      const [, key] = /(?<=\s)--key (\S+:\/\/\S+)/.exec(rest) ?? [];
      if (key !== undefined && needsCertificate(key)) expect(options).toContain('--certificate');
    }
  });

  test('use the container image of the version of this checkout', () => {
    const { version } = JSON.parse(text('package.json'));
    for (const path of [...ELSEWHERE, 'examples/tekton/sign.yaml']) {
      const versions = [...text(path).matchAll(/ghcr\.io\/verity-sign\/verity-sign:([\w.]+)/g)];
      expect({ path, versions: versions.map(([, one]) => one) }).toEqual({ path, versions: [version] });
    }
  });
});

test('fault 80: the examples use the image with the pinned oras, and install no other', () => {
  for (const { version } of Object.values(ORAS.builds)) expect(version.split('-')[0]).toBe(VERSION);
  for (const path of ELSEWHERE) expect(text(path)).not.toMatch(/apt-get|install|curl/);
});

test('examples/README.md lists every example, and the README the examples', () => {
  const index = text('examples/README.md');
  const listed = [...EXAMPLES, ...globSync('examples/*/{*,.*}', { cwd: root })].map((path) =>
    path.replace('examples/', ''),
  );
  expect(listed.filter((path) => !index.includes(`](${path})`))).toEqual([]);
  expect(text('README.md')).toContain('](examples/README.md)');
});
