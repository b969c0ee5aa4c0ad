import { VeritySignError } from '../../errors.ts';
import type { ImagePlan, NativeWork, ProcessedFacts, VerityRoot } from '../../model/index.ts';
import { releasePiece } from '../blob/buffer-ownership.ts';
import { type NativeResult, type NativeTake, startNative } from '../erofs/native/native-builder.ts';
import { BlockTree } from '../verity/block-tree.ts';
import { LeafDigests } from '../verity/leaf-digests.ts';
import type { TarConsumer } from './process-in-place.ts';

/** Makes the images of all plans, and their root hashes, while the tar passes by once. */
export class NativeConsumer implements TarConsumer {
  readonly reportsDropped = true;
  readonly #builds: readonly { plan: ImagePlan; take: NativeTake }[];

  constructor({ plans, folder }: NativeWork) {
    const hashing = {
      tree: (blockSize: number) => new BlockTree(blockSize),
      leaves: (blockSize: number) => new LeafDigests(blockSize, folder),
    };
    this.#builds = plans.map((plan) => ({ plan, take: startNative({ ...plan, hashing }) }));
  }

  async take(piece: Buffer): Promise<void> {
    for (const { take } of this.#builds) await take.push(piece);
    releasePiece(piece);
  }

  async end(): Promise<Partial<ProcessedFacts>> {
    const roots: VerityRoot[][] = [];
    let facts: Partial<ProcessedFacts> = {};
    for (const { plan, take } of this.#builds) {
      const result = await take.end();
      roots.push(plan.classes.map((of) => rootOf(result, of)));
      facts = { dropped: result.dropped };
    }
    await this.stop();
    return { ...facts, roots };
  }

  async stop(): Promise<void> {
    for (const { take } of this.#builds) take.close();
  }
}

function rootOf({ images }: NativeResult, of: ImagePlan['classes'][number]): VerityRoot {
  const image = images.get(of);
  if (image === undefined) throw new TypeError(`class ${of} was not built`);
  if (image instanceof VeritySignError) throw image;
  return image;
}
