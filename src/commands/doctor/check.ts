import type { KnownClass } from '../../model/index.ts';
import type { ContainerdProfile } from '../../model/profiles.ts';
import type { NodeCheck } from '../../report/node/doctor-report.ts';
import type { Certificate } from '../../signatures/x509/certificate.ts';
import type { ActivePolicy } from './active-policy.ts';
import type { ContainerdConfig } from './containerd/config.ts';
import type { NodeFiles } from './node-files.ts';

export type { NodeCheck } from '../../report/node/doctor-report.ts';

/** What the node is to run. */
export interface Wanted {
  profile: ContainerdProfile;
  /** As words. */
  mkfsOptions: readonly string[];
  /** Classes whose images are signed; empty: any class that this program knows. */
  classes: readonly (KnownClass | string)[];
  /** Empty without an image. */
  layers: readonly WantedLayer[];
  /** The paths of the signers, signer first. Empty: no signer is known. */
  signers: readonly (readonly Certificate[])[];
}

export interface WantedLayer {
  /** Such as `layer 3 (sha256:…)`. */
  label: string;
  /** Signed root hashes, each with the classes whose images have it; with none if none is recorded. */
  rootHashes: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What the checks look at. */
export interface Node {
  files: NodeFiles;
  /** It is this machine, so that its programs can be asked. */
  live: boolean;
  /** Undefined if it cannot be known. */
  kernel: string | undefined;
  activePolicy: ActivePolicy;
  erofsUtils: FoundErofsUtils;
  containerd: ContainerdConfig;
  containerdVersion: FoundVersion;
}

/** A version, and from where it is known; or why it is not. */
export type FoundVersion = { version: string; from: string } | { unknown: string };

/** The class of the node's mkfs.erofs, and from where it is known; or the check that says why it is not. */
export type FoundErofsUtils = { class: string; shown: string } | { class: undefined; check: NodeCheck };

type Id = NodeCheck['id'];

export function ok(id: Id, found: string): NodeCheck {
  return { id, state: 'ok', found };
}

/** @param remedy an imperative sentence without a full stop */
export function wrong(id: Id, found: string, remedy: string): NodeCheck {
  return { id, state: 'wrong', found, remedy };
}

export function unknown(id: Id, found: string, remedy: string): NodeCheck {
  return { id, state: 'unknown', found, remedy };
}
