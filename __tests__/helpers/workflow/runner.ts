// A strict stand-in for the runner and the orchestration of GitHub Actions, for reusable workflows of this
// project: scripts run in bash, this project's Actions from dist/, artifacts through stand-ins. It refuses
// every key, expression and action that it does not know. Jobs run one after the other.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { toolEnvironment } from '../tools.ts';
import { artifactAction, checkout, ownAction } from './actions.ts';
import { asText, evaluate, interpolate, isTrue, namesStatus, open, type Scope } from './expression.ts';

export type Result = 'success' | 'failure' | 'cancelled' | 'skipped';
type Values = Record<string, unknown>;

export interface Call {
  inputs: Values;
  secrets?: Record<string, string>;
  /** The token of the job, `github.token`. */
  token?: string;
  /** More variables, and a folder of programs before PATH. */
  env?: Record<string, string>;
  path?: string;
  /** A folder with the files of the caller's repository, for actions/checkout. */
  repository?: string;
  /** Artifacts of other jobs of the workflow run: the text of each file, by artifact and name. */
  artifacts?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Results of jobs, or of legs of a matrix, that are not run. */
  interfere?: (job: string, leg: number) => Result | undefined;
}

export interface Ran {
  results: Record<string, Result>;
  outputs: Record<string, string>;
  /** Standard output and error of all jobs. */
  log: string;
  /** Titles of the legs and jobs that ran. */
  ran: string[];
  /** The folder that has a folder for each workflow artifact. */
  artifacts: string;
}

interface Step {
  id?: string;
  name?: string;
  if?: string;
  run?: string;
  uses?: string;
  with?: Values;
  env?: Values;
}

interface Job {
  name: string;
  if?: string;
  needs?: string | string[];
  outputs?: Record<string, string>;
  strategy?: { 'fail-fast': boolean; 'max-parallel': unknown; matrix: string };
  steps: Step[];
}

interface Reusable {
  jobs: Record<string, Job>;
  on: {
    workflow_call: {
      inputs: Record<string, { type: string; required?: boolean; default?: unknown }>;
      secrets?: Record<string, { required?: boolean }>;
      outputs?: Record<string, { value: string }>;
    };
  };
}

const KEYS = {
  workflow: ['name', 'on', 'jobs'],
  job: 'name if needs runs-on timeout-minutes permissions outputs strategy steps'.split(' '),
  strategy: ['fail-fast', 'max-parallel', 'matrix'],
  step: ['id', 'name', 'if', 'run', 'uses', 'with', 'env'],
};

/** Runs a reusable workflow; `folder` receives what its jobs write. */
export async function runReusable(file: string, folder: string, call: Call): Promise<Ran> {
  const workflow = parse(readFileSync(file, 'utf8')) as Reusable;
  expectKeys(workflow, KEYS.workflow, file);
  const { inputs, secrets } = callArguments(workflow, call);
  // The repository of the workflow: the file is .github/workflows/NAME in it.
  const root = dirname(dirname(dirname(file)));
  const github = { token: call.token ?? 'no-token' };
  const run = new Run(mkdtempSync(join(folder, 'run-')), root, call, { inputs, secrets, github });
  const needs: Record<string, { result: Result; outputs: Record<string, string> }> = {};
  for (const [id, job] of Object.entries(workflow.jobs)) {
    expectKeys(job, KEYS.job, id);
    const wanted = [job.needs ?? []].flat();
    needs[id] = await run.job(id, job, Object.fromEntries(wanted.map((name) => [name, needs[name]])));
  }
  const contexts = { jobs: needs };
  const outputs = Object.entries(workflow.on.workflow_call.outputs ?? {}).map(([name, { value }]) => [
    name,
    asText(interpolate(value, { contexts, status: 'success' })),
  ]);
  return {
    results: Object.fromEntries(Object.entries(needs).map(([id, { result }]) => [id, result])),
    outputs: Object.fromEntries(outputs) as Record<string, string>,
    log: run.log,
    ran: run.ran,
    artifacts: run.artifacts,
  };
}

class Run {
  log = '';
  readonly ran: string[] = [];
  readonly artifacts: string;
  readonly #folder: string;
  readonly #root: string;
  readonly #call: Call;
  readonly #contexts: Values;

  constructor(folder: string, root: string, call: Call, contexts: Values) {
    this.#folder = folder;
    this.#root = root;
    this.#call = call;
    this.#contexts = contexts;
    this.artifacts = join(folder, 'artifacts');
    mkdirSync(this.artifacts);
    for (const [artifact, files] of Object.entries(call.artifacts ?? {})) {
      mkdirSync(join(this.artifacts, artifact));
      for (const [name, text] of Object.entries(files)) {
        writeFileSync(join(this.artifacts, artifact, name), text);
      }
    }
  }

  async job(id: string, job: Job, needs: Record<string, { result: Result } | undefined>) {
    const results = Object.values(needs).map((need) => {
      if (need === undefined) throw new Error(`${id} needs a job that comes later, or is not there`);
      return need.result;
    });
    const contexts = { ...this.#contexts, needs };
    const scope: Scope = {
      contexts,
      status: results.every((one) => one === 'success') ? 'success' : 'failure',
    };
    if (!holds(job.if, scope)) return { result: 'skipped' as const, outputs: noOutputs(job) };
    const legs = this.#legs(job, scope);
    const ended: { result: Result; outputs: Record<string, string> }[] = [];
    for (const [index, matrix] of legs.entries()) {
      const forced = this.#call.interfere?.(id, index);
      if (forced !== undefined) ended.push({ result: forced, outputs: noOutputs(job) });
      else ended.push(await this.#leg(id, job, { ...contexts, matrix, strategy: { 'job-index': index } }));
    }
    return { result: together(ended.map(({ result }) => result)), outputs: ended.at(-1)?.outputs ?? {} };
  }

  #legs({ strategy }: Job, scope: Scope): Values[] {
    if (strategy === undefined) return [{}];
    expectKeys(strategy, KEYS.strategy, 'strategy');
    if (strategy['fail-fast'] !== false) throw new Error('the stand-in knows no fail-fast');
    const matrix = interpolate(strategy.matrix, scope) as { include: Values[] };
    expectKeys(matrix, ['include'], 'matrix');
    if (matrix.include.length === 0) throw new Error('a matrix must not be empty');
    return matrix.include;
  }

  async #leg(
    id: string,
    job: Job,
    contexts: Values,
  ): Promise<{ result: Result; outputs: Record<string, string> }> {
    const folder = mkdtempSync(join(this.#folder, `${id}-`));
    const temp = join(folder, 'temp');
    const workspace = join(folder, 'workspace');
    mkdirSync(temp);
    mkdirSync(workspace);
    const steps: Record<string, { outputs: object }> = {};
    const scope = { contexts: { ...contexts, runner: { temp }, steps }, status: 'success' } as Scope;
    this.ran.push(asText(interpolate(job.name, scope)).trim());
    for (const step of job.steps) {
      expectKeys(step, KEYS.step, `a step of ${id}`);
      let outputs: Record<string, string> = {};
      if (holds(step.if, scope)) {
        const ended = await this.#step(step, scope, folder);
        outputs = ended.outputs;
        if (!ended.good) scope.status = 'failure';
      }
      if (step.id !== undefined) steps[step.id] = { outputs: open(outputs) };
    }
    const outputs = Object.entries(job.outputs ?? {}).map(([name, value]) => [
      name,
      asText(interpolate(value, scope)),
    ]);
    return { result: scope.status, outputs: Object.fromEntries(outputs) as Record<string, string> };
  }

  async #step(
    step: Step,
    scope: Scope,
    folder: string,
  ): Promise<{ good: boolean; outputs: Record<string, string> }> {
    const env = texts(step.env, scope);
    const given = texts(step.with, scope);
    const output = join(folder, 'output');
    writeFileSync(output, '');
    const variables: Record<string, string> = {
      ...toolEnvironment({ HOME: folder, ...this.#call.env, ...env }),
      RUNNER_TEMP: join(folder, 'temp'),
      RUNNER_TOOL_CACHE: join(folder, 'temp'),
      GITHUB_WORKSPACE: join(folder, 'workspace'),
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: join(folder, 'summary'),
    };
    writeFileSync(join(folder, 'summary'), '');
    if (this.#call.path !== undefined) variables.PATH = `${this.#call.path}:${variables.PATH}`;
    let argv: string[];
    if (step.run !== undefined) {
      const script = join(folder, 'script.sh');
      writeFileSync(script, asText(interpolate(step.run, scope)));
      argv = ['bash', '-e', script]; // as runners do where no shell is named
    } else {
      const own = ownAction(step.uses ?? '', given, this.#root);
      if (own === undefined) {
        try {
          if (step.uses?.startsWith('actions/checkout@')) {
            checkout(given, this.#call.repository, join(folder, 'workspace'));
          } else artifactAction(step.uses ?? '', given, this.artifacts);
          return { good: true, outputs: {} };
        } catch (error) {
          if ((error as Error).message.startsWith('no stand-in')) throw error;
          this.log += `${(error as Error).message}\n`;
          return { good: false, outputs: {} };
        }
      }
      argv = own.argv;
      Object.assign(variables, own.env);
    }
    const status = await this.#spawn(argv, variables);
    return { good: status === 0, outputs: readOutputs(readFileSync(output, 'utf8')) };
  }

  #spawn([program = '', ...args]: string[], env: Record<string, string>): Promise<number | null> {
    const child = spawn(program, args, { cwd: env.GITHUB_WORKSPACE, env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const out of [child.stdout, child.stderr]) {
      out.setEncoding('utf8').on('data', (text: string) => {
        this.log += text;
      });
    }
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
  }
}

function holds(condition: string | undefined, scope: Scope): boolean {
  if (condition === undefined) return scope.status === 'success';
  const bare = condition.replace(/^\$\{\{(.*)\}\}$/s, '$1');
  return (namesStatus(bare) || scope.status === 'success') && isTrue(evaluate(bare, scope));
}

/** The result of a matrix, as GitHub sums up its jobs. */
function together(results: readonly Result[]): Result {
  for (const bad of ['failure', 'cancelled'] as const) if (results.includes(bad)) return bad;
  return results.every((result) => result === 'skipped') ? 'skipped' : 'success';
}

function noOutputs(job: Job): Record<string, string> {
  return Object.fromEntries(Object.keys(job.outputs ?? {}).map((name) => [name, '']));
}

function texts(values: Values | undefined, scope: Scope): Record<string, string> {
  const entries = Object.entries(values ?? {});
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name,
      asText(typeof value === 'string' ? interpolate(value, scope) : value),
    ]),
  );
}

/** Both forms of the file: NAME=VALUE, and NAME<<DELIMITER with lines up to the delimiter. */
function readOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  const pattern = /([\w-]+)(?:=(.*)|<<(\S+)\n([\s\S]*?)\n\3)\n/y;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (match === null) throw new Error(`a line of GITHUB_OUTPUT that no runner accepts: ${text}`);
    outputs[match[1] ?? ''] = match[2] ?? match[4] ?? '';
  }
  return outputs;
}

/** What the workflow sees as inputs and secrets; what is not declared, or missing, is an error as on GitHub. */
function callArguments({ on }: Reusable, call: Call): { inputs: Values; secrets: Values } {
  const declared = on.workflow_call;
  expectKeys(call.inputs, Object.keys(declared.inputs), 'inputs');
  expectKeys(call.secrets ?? {}, Object.keys(declared.secrets ?? {}), 'secrets');
  const inputs = Object.entries(declared.inputs).map(([name, { type, required, default: fallback }]) => {
    const value = call.inputs[name] ?? fallback;
    if (required === true && call.inputs[name] === undefined) throw new Error(`the input ${name} is missing`);
    // The types of inputs have the names of JavaScript's.
    if (typeof value !== type) throw new Error(`the input ${name} is no ${type}`);
    return [name, value];
  });
  const secrets = Object.keys(declared.secrets ?? {}).map((name) => [name, call.secrets?.[name] ?? '']);
  return { inputs: Object.fromEntries(inputs) as Values, secrets: Object.fromEntries(secrets) as Values };
}

function expectKeys(value: object, known: readonly string[], where: string): void {
  const unknown = Object.keys(value).filter((key) => !known.includes(key));
  if (unknown.length > 0) throw new Error(`the stand-in does not know ${unknown.join(', ')} of ${where}`);
}
