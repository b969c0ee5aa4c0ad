import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../src/lib/process/run.ts';
import { DM_VERITY_ARTIFACT_TYPE, NOTARY_ARTIFACT_TYPE } from '../../src/model/artifact-types.ts';
import type { Descriptor } from '../../src/model/index.ts';
import { type CliResult, cli } from './cli.ts';
import { sha256 } from './image-writer.ts';
import { pki } from './pki.ts';
import { toolEnvironment, toolPath } from './tools.ts';
import { writeVectorImage } from './vector-image.ts';

const INDEX = 'application/vnd.oci.image.index.v1+json';

/** Signs and verifies one image in repositories of any registry, by the CLI. */
export class RegistryImage {
  readonly subject: Descriptor;
  readonly #folder: string;
  #copies = 0;
  #runs = 0;

  private constructor(folder: string, subject: Descriptor) {
    this.#folder = folder;
    this.subject = subject;
  }

  /** Writes the image into a layout in `folder`. */
  static async write(folder: string): Promise<RegistryImage> {
    return new RegistryImage(folder, await writeVectorImage(join(folder, 'layout'), ['simple-gzip']));
  }

  get layout(): string {
    return join(this.#folder, 'layout');
  }

  /** oras as another client. */
  async oras(...args: string[]): Promise<string> {
    const env = toolEnvironment({ HOME: this.#folder });
    return (await run([toolPath('oras'), ...args], { env, cwd: this.#folder })).stdout.toString();
  }

  /** The image in a new repository, whose name is returned. */
  async push(host: string): Promise<string> {
    this.#copies += 1;
    const repository = `case/${this.#copies}`;
    const from = ['--from-oci-layout', `${this.layout}:vectors`, '--to-plain-http'];
    await this.oras('cp', ...from, `${host}/${repository}:1`);
    return repository;
  }

  /** `sign`, with the path of a report. */
  async sign(image: string, ...more: string[]): Promise<CliResult & { report: string }> {
    this.#runs += 1;
    const report = join(this.#folder, `report-${this.#runs}.json`);
    const { keyPath, fullChainPath } = (await pki()).leaf('p256');
    const key = ['--key', keyPath, '--certificate', fullChainPath, '--temp-dir', this.#folder];
    const tools = ['--plain-http', '--oras-path', toolPath('oras'), '--report', report];
    const env = { PASSWORD: 'secret of the tests' };
    return { ...(await cli(['sign', image, ...key, ...tools, ...more], { env })), report };
  }

  async verify(image: string, ...more: string[]): Promise<CliResult> {
    const root = (await pki()).leaf('p256').caPath;
    const tools = ['--plain-http', '--oras-path', toolPath('oras'), '--temp-dir', this.#folder];
    return cli(['verify', image, '--trusted-certificate', root, ...tools, ...more]);
  }

  /** The fallback tag of the image, or of another manifest. */
  tag(subject: Descriptor = this.subject): string {
    return subject.digest.replace(':', '-');
  }

  /** Straight from the registry: what the fallback tag lists; undefined without such a tag. */
  async underTag(host: string, repository: string): Promise<Descriptor[] | undefined> {
    const answer = await fetch(`http://${host}/v2/${repository}/manifests/${this.tag()}`, {
      headers: { accept: INDEX },
    });
    if (!answer.ok) return undefined;
    return ((await answer.json()) as { manifests: Descriptor[] }).manifests;
  }

  /** Stores an empty index, as a manifest that no tag names. */
  async putIndex(host: string, repository: string): Promise<Descriptor> {
    const descriptor = { mediaType: INDEX, digest: sha256(emptyIndex), size: emptyIndex.length };
    const answer = await fetch(`http://${host}/v2/${repository}/manifests/${descriptor.digest}`, {
      method: 'PUT',
      headers: indexHeaders,
      body: emptyIndex,
    });
    if (!answer.ok) throw new Error(`status ${answer.status}: ${await answer.text()}`);
    return descriptor;
  }

  /** Replaces the list under the fallback tag. */
  async setUnderTag(host: string, repository: string, manifests: readonly object[]): Promise<void> {
    const answer = await fetch(`http://${host}/v2/${repository}/manifests/${this.tag()}`, {
      method: 'PUT',
      headers: { 'content-type': INDEX },
      body: JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests }),
    });
    if (!answer.ok) throw new Error(`status ${answer.status}: ${await answer.text()}`);
  }
}

/** The digests of the referrers that a run reports, and how many of them it attached. */
export function attachedBy(report: string): { digests: string[]; attached: number } {
  const [only] = JSON.parse(readFileSync(report, 'utf8')) as {
    artifacts: { referrer?: { digest: string; reused: boolean } }[];
    manifestSignatures?: { referrer?: { digest: string; reused: boolean } }[];
  }[];
  const all = [...(only?.artifacts ?? []), ...(only?.manifestSignatures ?? [])];
  const referrers = all.flatMap(({ referrer }) => (referrer === undefined ? [] : [referrer]));
  return {
    digests: referrers.map(({ digest }) => digest),
    attached: referrers.filter(({ reused }) => !reused).length,
  };
}

export const emptyIndex = JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: [] });
export const indexHeaders = { 'content-type': INDEX };
export const OUR_TYPES: readonly string[] = [DM_VERITY_ARTIFACT_TYPE, NOTARY_ARTIFACT_TYPE];
