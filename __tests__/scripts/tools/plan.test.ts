import { describe, expect, test } from '@jest/globals';
import type { MissingProgram } from '../../../scripts/tools/setup/missing-program.ts';
import { describePlan, type Machine, planSetup } from '../../../scripts/tools/setup/plan.ts';
import type { Need, Tool } from '../../../scripts/tools/tool.ts';

const tool = (name: string, needs: Need[] = []): Tool => ({
  ...{ name, description: `what ${name} is`, programs: [name], inputs: [], demo: false, needs },
  ...{ seconds: 100, megabytes: 600, install: () => Promise.resolve() },
});
const GO = tool('go', ['debian']);
const JQ: MissingProgram = { program: 'jq', packages: ['jq'], unpackable: true };
const GCC: MissingProgram = { program: 'gcc', packages: ['gcc', 'libc6-dev'], unpackable: false };

const DEBIAN: Machine = {
  ...{ root: true, apt: true, debian: true, python: true, go: true },
  freeMegabytes: 10_000,
};
const USER: Machine = { ...DEBIAN, root: false };
const OTHER: Machine = { ...DEBIAN, apt: false, debian: false };

test('where all is there, nothing is planned and nothing is said', () => {
  expect(describePlan(planSetup([], [], DEBIAN, GO))).toBe('');
  // Nor is anything refused, whatever the machine lacks.
  const nothing = { ...OTHER, root: false, python: false, go: false, freeMegabytes: 0 };
  expect(describePlan(planSetup([], [], nothing, GO))).toBe('');
});

test('root installs packages, each once', () => {
  const make = { ...GCC, program: 'make', packages: ['make', 'gcc'] };
  const plan = planSetup([], [GCC, make, JQ], DEBIAN, GO);
  expect([plan.install, plan.unpack]).toEqual([['gcc', 'libc6-dev', 'make', 'jq'], []]);
});

test('another user unpacks them', () => {
  const plan = planSetup([], [JQ], USER, GO);
  expect([plan.install, plan.unpack]).toEqual([[], [JQ]]);
});

test('the plan says what, where, how long and how much', () => {
  const plan = planSetup([tool('oras'), tool('containerd', ['debian'])], [GCC], DEBIAN, GO);
  expect(describePlan(plan).split('\n')).toEqual([
    'This installs, in about 4 min on two processors and 1.2 GB in .tools/:',
    '  - by apt, as root: gcc libc6-dev',
    '  - oras (what oras is): 2 min, 600 MB',
    '  - containerd (what containerd is): 2 min, 600 MB',
  ]);
});

describe('Go', () => {
  const registry = tool('registry', ['go']);

  test('is fetched first where a tool needs it and the system has none', () => {
    const lacking = { ...USER, go: false };
    expect(planSetup([registry], [], lacking, GO).tools).toEqual([GO, registry]);
    expect(planSetup([registry], [], USER, GO).tools).toEqual([registry]);
    expect(planSetup([tool('oras')], [], lacking, GO).tools.map(({ name }) => name)).toEqual(['oras']);
  });

  test('is named with the rest where it cannot be fetched', () => {
    expect(() => planSetup([registry], [JQ], { ...OTHER, go: false }, GO)).toThrow(
      /: jq, go \(1\.21 or later\)$/,
    );
  });
});

describe('refusals name everything at once, and one command', () => {
  const refusal = (machine: Machine, missing: MissingProgram[], ...tools: Tool[]): unknown => {
    try {
      return planSetup(tools, missing, machine, GO);
    } catch (error) {
      return error;
    }
  };

  test('a user without root, for what cannot be unpacked', () => {
    const moto = tool('moto', ['python']);
    expect(refusal({ ...USER, python: false }, [GCC, JQ], moto)).toMatchObject({
      code: 'environment',
      message: expect.stringMatching(
        /only root can install them: gcc, python3 \(3\.11 or later, with venv\)$/,
      ),
      remedy: 'Run: sudo apt-get install --no-install-recommends gcc libc6-dev python3 python3-venv',
    });
  });

  test.each([true, false])('no apt, root: %s', (root) => {
    expect(refusal({ ...OTHER, root }, [GCC, JQ])).toMatchObject({
      code: 'environment',
      message: expect.stringMatching(/there is no apt-get that could bring them: gcc, jq$/),
      remedy: expect.stringContaining('sudo apt-get install gcc libc6-dev jq'),
    });
  });

  test("no Debian archive for Debian's packages", () => {
    const ubuntu = { ...DEBIAN, debian: false };
    expect(refusal(ubuntu, [], tool('containerd', ['debian']), tool('oras'))).toMatchObject({
      message: expect.stringMatching(/^containerd come from Debian's archive/),
      remedy: expect.stringContaining('DEBIAN_MIRROR'),
    });
  });

  test('a full disk', () => {
    expect(refusal({ ...DEBIAN, freeMegabytes: 599 }, [], tool('oras'))).toMatchObject({
      message: 'the tools need about 600 MB, and 599 MB are free',
    });
  });
});
