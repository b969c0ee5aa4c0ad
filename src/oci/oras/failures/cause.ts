import type { Login } from '../login/logins.ts';

export type Access = 'pull' | 'push' | 'delete';

/** What an oras call was for. */
export interface Call {
  access: Access;
  /** `REPOSITORY:TAG` or `REPOSITORY@DIGEST` */
  target: string;
  /** Host and optional port of the registry. */
  registry: string;
  login: Login | undefined;
}

/** A way in which oras calls fail, and what to say about it. */
export interface Cause {
  /** The only kind of call that fails so; absent for every kind. */
  only?: Access;
  /** Another attempt may succeed. */
  transient?: true;
  code: 'registry' | 'environment' | 'image' | 'usage';
  message: (call: Call) => string;
  remedy: (call: Call) => string;
}

/** A cause by what oras or the registry says. */
export interface SpokenCause extends Cause {
  pattern: RegExp;
}
