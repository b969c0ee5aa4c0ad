import type { Readable } from 'node:stream';
import { VeritySignError } from '../../errors.ts';
import type { Descriptor } from '../../model/index.ts';
import type { Oras } from '../oras/oras.ts';
import { withPathHint } from './local-path.ts';
import { isOnHub, type RegistryReference, referenceName } from './reference.ts';
import type { ImageSource } from './source.ts';

/** An image in a registry, read through the oras CLI. */
export class RegistrySource implements ImageSource {
  readonly name: string;
  readonly #oras: Oras;
  readonly #reference: RegistryReference;

  constructor(oras: Oras, reference: RegistryReference) {
    this.#oras = oras;
    this.#reference = reference;
    this.name = referenceName(reference);
  }

  async resolve(): Promise<Descriptor> {
    try {
      return await this.#resolve();
    } catch (error) {
      throw isOnHub(this.#reference) ? withPathHint(error, this.#reference.repository) : error;
    }
  }

  async #resolve(): Promise<Descriptor> {
    const { digest, tag = 'latest' } = this.#reference;
    if (digest === undefined) return this.#oras.resolve(`${this.name}:${tag}`);
    const descriptor = await this.#oras.resolve(`${this.name}@${digest}`);
    if (descriptor.digest !== digest) {
      throw new VeritySignError('registry', `the registry returned ${descriptor.digest} for ${digest}`);
    }
    return descriptor;
  }

  manifest(descriptor: Descriptor): Promise<Buffer> {
    return this.#oras.manifest(this.name, descriptor);
  }

  config(descriptor: Descriptor): Promise<Buffer> {
    return this.#oras.smallBlob(this.name, descriptor);
  }

  blob(descriptor: Descriptor, signal?: AbortSignal): Promise<Readable> {
    return this.#oras.blob(this.name, descriptor, signal);
  }
}
