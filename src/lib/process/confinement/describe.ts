import type { Confinement } from '../../../model/index.ts';
import type { Privilege } from '../privilege.ts';
import type { Level } from './level.ts';
import { countsProcesses, type Limits } from './limits.ts';

/**
 * What a level means for a program.
 * @param limits for the smallest input
 */
export function describeConfinement(level: Level, privilege: Privilege, limits: Limits): Confinement {
  const { namespaces, view, nobody, unprivileged, limited } = level;
  const separate = namespaces !== 'none';
  const { memory, processorSeconds, fileSize, processes } = limits;
  const counted = countsProcesses(level) ? { processes } : {};
  return {
    noNewPrivileges: unprivileged,
    capabilities: capabilitiesOf(unprivileged, !separate && privilege === 'sudo'),
    network: !separate,
    pidNamespace: separate,
    filesystem: view === 'own' ? 'own view' : 'whole',
    user: nobody ? 'nobody' : 'caller',
    ...(limited ? { limits: { memory, processorSeconds, fileSize, ...counted } } : {}),
  };
}

function capabilitiesOf(unprivileged: boolean, needsAccess: boolean): Confinement['capabilities'] {
  if (!unprivileged) return 'all';
  return needsAccess ? 'dac_override' : 'none';
}
