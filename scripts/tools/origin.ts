import { DebianArchive, debianMirror } from './apt.ts';
import { failure } from './common.ts';

/** The source of pinned files. The first tool that needs it opens it; the owner calls `close`. */
export class Origin {
  #archive: Promise<DebianArchive | undefined> | undefined;

  /** Debian's archive, or undefined on a distribution that does not name one. */
  archive(): Promise<DebianArchive | undefined> {
    this.#archive ??= debianMirror().then((mirror) => {
      return mirror === undefined ? undefined : DebianArchive.open(mirror);
    });
    return this.#archive;
  }

  /** As `archive`, for a package that has no other source. Error (`environment`): no archive. */
  async requireArchive(what: string): Promise<DebianArchive> {
    const archive = await this.archive();
    if (archive !== undefined) return archive;
    throw failure(
      `${what} comes from Debian's archive, which the apt sources of this system do not name`,
      'Set DEBIAN_MIRROR to the URL of a Debian archive and install debian-archive-keyring',
    );
  }

  /** Removes the downloaded files. */
  async close(): Promise<void> {
    const archive = await this.#archive?.catch(() => undefined);
    await archive?.close();
  }
}
