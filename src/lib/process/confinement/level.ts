import type { Privilege } from '../privilege.ts';

/** How much a program is kept from the machine. What a level cannot do is the same as for its caller. */
export interface Level {
  /**
   * Where its namespaces come from (mount, process, network, IPC, host name): made with the rights of root
   * (`direct`), inside a user namespace (`mapped`), or `none`.
   */
  namespaces: 'direct' | 'mapped' | 'none';
  /** The files it sees: system programs and libraries, read-only, and its own; or those of the machine. */
  view: 'own' | 'whole';
  /** It sees uid 0, but is nobody outside of its user namespace. */
  nobody: boolean;
  /** It can gain no privileges, and has no capabilities (setpriv). */
  unprivileged: boolean;
  /** Memory, processor time and so on are limited (prlimit). */
  limited: boolean;
}

const STRICT = { view: 'own', nobody: false, unprivileged: true, limited: true } as const;
const WHOLE = { ...STRICT, view: 'whole' } as const;

/** With the rights of root. The last ones are for machines without util-linux. */
const AS_ROOT: readonly Level[] = [
  { ...STRICT, namespaces: 'direct', nobody: true },
  { ...STRICT, namespaces: 'direct' },
  { ...WHOLE, namespaces: 'direct', nobody: true },
  { ...WHOLE, namespaces: 'direct' },
];

const MAPPED: readonly Level[] = [
  { ...STRICT, namespaces: 'mapped' },
  { ...WHOLE, namespaces: 'mapped' },
  { ...WHOLE, namespaces: 'none' },
  { ...WHOLE, namespaces: 'none', unprivileged: false },
  { ...WHOLE, namespaces: 'none', unprivileged: false, limited: false },
];

/** The levels to try, the strictest first. The last one is always possible. */
export function levelsOf(privilege: Privilege): readonly Level[] {
  return privilege === 'user-namespace' ? MAPPED : [...AS_ROOT, ...MAPPED];
}
