/**
 * A file as its name in a folder. oras gets its absolute path and runs in the user's folder: relative paths
 * that the user gave (oras itself, certificates, the configuration of docker) stay valid.
 */
export interface LocalFile {
  folder: string;
  name: string;
}
