/** A program of the system that is not there. */
export interface MissingProgram {
  program: string;
  packages: readonly string[];
  /** It also works from a folder, without being installed. */
  unpackable: boolean;
}
