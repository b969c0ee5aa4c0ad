import type { Confinement } from '../model/builder-info.ts';

/** What a program could do that the strictest confinement prevents, as ends of a sentence. */
export function gapsOf(confinement: Confinement): string[] {
  const { noNewPrivileges, capabilities, network, pidNamespace, filesystem, limits } = confinement;
  return [
    ...(network ? ['it can use the network'] : []),
    ...(filesystem === 'whole' ? ['it sees the files of the machine'] : []),
    ...(pidNamespace ? [] : ['its processes may outlive it']),
    ...(capabilities === 'none' ? [] : ['it has capabilities']),
    ...(noNewPrivileges ? [] : ['it can gain privileges']),
    ...(limits === undefined ? ['its memory and processor time are not limited'] : []),
  ];
}
