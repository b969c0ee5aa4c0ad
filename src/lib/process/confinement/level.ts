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

type Namespaces = Pick<Level, 'namespaces' | 'nobody'>;

/** A program that needs more than a view has may still be limited, and the other way round. */
function inNamespaces(some: readonly Namespaces[]): Level[] {
  return [true, false].flatMap((limited) =>
    (['own', 'whole'] as const).flatMap((view) =>
      some.map((namespaces) => ({ ...namespaces, view, limited, unprivileged: true })),
    ),
  );
}

const DIRECT = inNamespaces([
  { namespaces: 'direct', nobody: true },
  { namespaces: 'direct', nobody: false },
]);
const MAPPED = inNamespaces([{ namespaces: 'mapped', nobody: false }]);
/** For containers without further rights, and for machines without util-linux. */
const NONE: readonly Level[] = [
  { unprivileged: true, limited: true },
  { unprivileged: true, limited: false },
  { unprivileged: false, limited: true },
  { unprivileged: false, limited: false },
].map((level) => ({ ...level, namespaces: 'none', view: 'whole', nobody: false }));

/** The levels to try, the strictest first. The last one is always possible. */
export function levelsOf(privilege: Privilege): readonly Level[] {
  return privilege === 'user-namespace' ? [...MAPPED, ...NONE] : [...DIRECT, ...MAPPED, ...NONE];
}
