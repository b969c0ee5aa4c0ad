/** A rotation of keys: two signers under two authorities, and an image in each kind of place. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Descriptor } from '../../src/model/index.ts';
import type { RemoveReport } from '../../src/report/remove-report.ts';
import type { InspectReport } from '../../src/report/verify-report.ts';
import { readCertificateBundle } from '../../src/signatures/x509/bundle.ts';
import { readCertificate } from '../../src/signatures/x509/certificate.ts';
import { type CliOptions, type CliResult, cli, cliOk } from './cli.ts';
import { ImageWriter } from './image-writer.ts';
import { type LeafFiles, pki } from './pki.ts';
import { toolPath } from './tools.ts';
import { vectors } from './vector-image.ts';

/** A signer, its files and the fingerprint of its certificate. */
export interface RotationSigner extends LeafFiles {
  fingerprint: string;
}

/** An index of two platforms that share a layer, and the signers of before and after. */
export class Rotation {
  readonly old: RotationSigner;
  readonly next: RotationSigner;
  readonly index: Descriptor;
  readonly #folder: string;
  readonly #images: ImageWriter;
  #reports = 0;

  private constructor(
    folder: string,
    images: ImageWriter,
    index: Descriptor,
    signers: [RotationSigner, RotationSigner],
  ) {
    [this.old, this.next] = signers;
    this.#folder = folder;
    this.#images = images;
    this.index = index;
  }

  static async create(folder: string): Promise<Rotation> {
    const images = await ImageWriter.create();
    const entries: Descriptor[] = [];
    for (const [architecture, names] of [
      ['amd64', ['simple-gzip']],
      ['arm64', ['simple-gzip', 'whiteouts-zstd']],
    ] as const) {
      const layers = names.map((name) => vectors().find((one) => one.name === name) ?? fail(name));
      const platform = { os: 'linux', architecture };
      const image = await images.image({
        platform,
        layers: layers.map(({ path, mediaType }) => ({ bytes: readFileSync(path), mediaType })),
        diffIds: layers.map(({ diffId }) => diffId),
      });
      entries.push({ ...image, platform });
    }
    const index = await images.index(entries);
    await images.add(index, 'app');
    const { leaf } = await pki();
    // An RSA signature is the same each time, so that the two images share the blob for their common layer.
    return new Rotation(folder, images, index, [signer(leaf('rsa2048')), signer(leaf('p384'))]);
  }

  stop(): Promise<void> {
    return this.#images.remove();
  }

  /** A copy of the layout; `oci:FOLDER:app`. */
  inLayout(): { reference: string; folder: string } {
    const folder = join(mkdtempSync(join(this.#folder, 'layout-')), 'layout');
    cpSync(this.#images.directory, folder, { recursive: true });
    return { reference: `oci:${folder}:app`, folder };
  }

  /** An archive, alone in its folder; `oci-archive:FILE:app`. */
  inArchive(layout = this.#images.directory): { reference: string; folder: string; file: string } {
    const folder = mkdtempSync(join(this.#folder, 'archive-'));
    const file = join(folder, 'image.tar');
    execFileSync('tar', ['-cf', file, '-C', layout, '.']);
    return { reference: `oci-archive:${file}:app`, folder, file };
  }

  /** A new repository; `HOST/REPOSITORY:1`. */
  async inRegistry(host: string): Promise<string> {
    const reference = `${host}/rotation/${mkdtempSync(join(this.#folder, 'r-')).slice(-6).toLowerCase()}:1`;
    await this.#images.copyTo('app', reference);
    return reference;
  }

  async sign(
    reference: string,
    { keyPath, fullChainPath }: RotationSigner,
    ...more: string[]
  ): Promise<void> {
    const key = ['--key', keyPath, '--certificate', fullChainPath, '--manifest-signature', 'jws'];
    await cliOk(['sign', reference, ...key, ...registryOptions(reference), ...more]);
  }

  /** The exit status of `verify` with these authorities, which requires both kinds of signatures. */
  async verify(reference: string, ...trusted: RotationSigner[]): Promise<number | null> {
    const anchors = trusted.flatMap(({ caPath }) => ['--trusted-certificate', caPath]);
    const required = ['--manifest-signature', 'required'];
    return (await cli(['verify', reference, ...anchors, ...required, ...registryOptions(reference)])).status;
  }

  /** The fingerprints of all signers that `inspect` shows, with the kind of each signature. */
  async inspect(reference: string): Promise<string[]> {
    const { stdout } = await cliOk(['inspect', reference, '--json', ...registryOptions(reference)]);
    const [{ platforms, manifestSignatures = [] } = fail('report')] = JSON.parse(stdout) as InspectReport[];
    const manifests = [...manifestSignatures, ...platforms.flatMap((one) => one.manifestSignatures)];
    const sets = platforms.flatMap(({ signatures }) => signatures);
    return [
      ...sets.flatMap(({ signers }) => signers.map(({ fingerprint }) => `layers ${fingerprint}`)),
      ...manifests.map(({ signer }) => `manifest ${signer?.fingerprint}`),
    ].sort();
  }

  /** The command line of `remove`, and the path of its report. */
  removing(reference: string, who: string, ...more: string[]): { args: string[]; path: string } {
    const path = join(this.#folder, `removed-${this.#reports++}.json`);
    const temp = mkdtempSync(join(this.#folder, 'temp-'));
    const own = ['--signer', who, '--report', path, '--temp-dir', temp];
    return { args: ['remove', reference, ...own, ...registryOptions(reference), ...more], path };
  }

  async remove(
    reference: string,
    who: string,
    more: readonly string[] = [],
    options: CliOptions = {},
  ): Promise<CliResult & { report: RemoveReport }> {
    const { args, path } = this.removing(reference, who, ...more);
    const result = await cli(args, options);
    return { ...result, report: reportIn(path) };
  }

  /** What the archive holds, in a new folder. */
  unpack(file: string): string {
    const layout = mkdtempSync(join(this.#folder, 'unpacked-'));
    mkdirSync(layout, { recursive: true });
    execFileSync('tar', ['-xf', file, '-C', layout]);
    return layout;
  }
}

/** The one entry of a report. */
export function reportIn(path: string): RemoveReport {
  return (JSON.parse(readFileSync(path, 'utf8')) as RemoveReport[])[0] ?? fail('report');
}

function registryOptions(reference: string): string[] {
  return reference.startsWith('oci') ? [] : ['--plain-http', '--oras-path', toolPath('oras')];
}

function signer(files: LeafFiles): RotationSigner {
  const [leaf = fail('certificate')] = readCertificateBundle(readFileSync(files.certPath), 'file', '');
  return { ...files, fingerprint: readCertificate(leaf).fingerprint };
}

function fail(what: string): never {
  throw new Error(`no ${what}`);
}
