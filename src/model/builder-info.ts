/** What built the images of a run, and what it dropped. Reports have these types; they need none of Node's. */
import type { KnownClass, MkfsClass } from './profiles.ts';

/** Entries that mkfs.erofs drops or alters although it exits 0. */
export interface DroppedEntries {
  count: number;
  /** The first of them, such as `usr/bin/old (typeflag NUL: dropped)`. */
  examples: string[];
}

/** Entries whose time of modification has a fraction of a second. */
export interface FractionalTimes {
  count: number;
  /**
   * Those whose fraction has fewer than nine digits: erofs-utils of class A makes another time of them than the
   * classes B and C do.
   */
  differing: number;
}

/** What built the images; recorded in the artifact and the report. */
export type BuilderInfo = MkfsInfo | NativeInfo;
/** `mkfs`: mkfs.erofs; `native`: this program. */
export type BuilderKind = BuilderInfo['kind'];

/** The builder of this program. */
export interface NativeInfo {
  kind: 'native';
  /** The classes whose images it makes; empty if they depend on what signers recorded. */
  classes: KnownClass[];
  /** What its images were compared with, if they were. */
  crossCheck?: MkfsInfo;
}

/** A mkfs.erofs that has passed its test. */
export interface MkfsInfo {
  kind: 'mkfs';
  /** Version of erofs-utils, such as `1.9.4`. */
  version: string;
  class: MkfsClass;
  path: string;
  /** How it gets uid 0: what mkfs.erofs sees decides the root inode's owner. */
  privilege: 'root' | 'user-namespace' | 'sudo';
  /** How it is kept from the rest of the machine. Reports have it elsewhere. */
  confinement?: Confinement;
  /** What its images were compared with, if they were. */
  crossCheck?: NativeInfo;
}

/** What a program that reads foreign data can do, as far as the machine allowed to confine it. */
export interface Confinement {
  noNewPrivileges: boolean;
  /** Those that it keeps. */
  capabilities: 'none' | 'dac_override' | 'all';
  /** Whether it has the machine's network. */
  network: boolean;
  /** Whether it sees no other processes, and ends with all that it started. */
  pidNamespace: boolean;
  /** `own view`: programs and libraries of the system, read-only, and its own files. */
  filesystem: 'own view' | 'whole';
  /** Who it is outside: `nobody`, or the user that started it. */
  user: 'nobody' | 'caller';
  /** Those for a small layer; absent if there are none. */
  limits?: ConfinementLimits;
}

export interface ConfinementLimits {
  /** Bytes. */
  memory: number;
  /** Seconds. */
  processorSeconds: number;
  /** Bytes. */
  fileSize: number;
  /** Processes and threads; absent if they are not counted. */
  processes?: number;
}
