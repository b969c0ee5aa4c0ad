import { expect, test } from '@jest/globals';
import { describeConfinement } from '../../../../../src/lib/process/confinement/describe.ts';
import { levelsOf } from '../../../../../src/lib/process/confinement/level.ts';
import { gapsOf } from '../../../../../src/report/confinement.ts';

const limits = { memory: 1, addressSpace: 2, processorSeconds: 3, fileSize: 4, processes: 5 };

test('the strictest level has no gaps', () => {
  for (const privilege of ['root', 'sudo', 'user-namespace'] as const) {
    const [strictest] = levelsOf(privilege);
    if (strictest === undefined) throw new TypeError('no level');
    const confinement = describeConfinement(strictest, privilege, limits);
    expect(gapsOf(confinement)).toEqual([]);
    expect(confinement).toMatchObject({ user: strictest.nobody ? 'nobody' : 'caller', network: false });
  }
});

test('every other level has gaps, unless it only differs in the user', () => {
  const others = levelsOf('root').filter(
    ({ view, limited, unprivileged }) => !(view === 'own' && limited && unprivileged),
  );
  for (const level of others) expect(gapsOf(describeConfinement(level, 'root', limits))).not.toEqual([]);
});

test('a machine without namespaces: what is kept with sudo, and what is missing', () => {
  const level = levelsOf('sudo').find(({ namespaces }) => namespaces === 'none');
  if (level === undefined) throw new TypeError('no level');
  const confinement = describeConfinement(level, 'sudo', limits);
  expect(confinement).toEqual({
    noNewPrivileges: true,
    capabilities: 'dac_override',
    network: true,
    pidNamespace: false,
    filesystem: 'whole',
    user: 'caller',
    limits: { memory: 1, processorSeconds: 3, fileSize: 4 },
  });
  expect(gapsOf(confinement)).toEqual([
    'it can use the network',
    'it sees the files of the machine',
    'its processes may outlive it',
    'it has capabilities',
  ]);
  expect(describeConfinement(level, 'root', limits).capabilities).toBe('none');
});

test('the last level has every gap', () => {
  const last = levelsOf('root').at(-1);
  if (last === undefined) throw new TypeError('no level');
  const confinement = describeConfinement(last, 'root', limits);
  expect(confinement).not.toHaveProperty('limits');
  expect(gapsOf(confinement)).toHaveLength(6);
});
