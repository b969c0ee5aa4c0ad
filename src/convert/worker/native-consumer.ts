import { VeritySignError } from '../../errors.ts';
import type { ImagePlan, NativeWork, ProcessedFacts, VerityRoot } from '../../model/index.ts';
import { releaseOwned } from '../blob/buffer-ownership.ts';
import { pieces } from '../blob/pieces.ts';
import { onlyOtherClasses } from '../erofs/native/class-refusals.ts';
import { type NativeBuild, type NativeResult, startNative } from '../erofs/native/native-builder.ts';
import { PROFILES } from '../erofs/profile.ts';
import { BlockTree } from '../verity/block-tree.ts';
import { LeafDigests } from '../verity/leaf-digests.ts';
import { TarSpool } from '../verity-file/tar-spool.ts';
import { VerityFile } from '../verity-file/verity-file.ts';
import type { TarConsumer } from './process-in-place.ts';

interface PlannedBuild {
  plan: ImagePlan;
  build: NativeBuild;
  file: VerityFile | undefined;
  /** The tar, which the file gets after its index. */
  spool: TarSpool | undefined;
}

/** Builds the images of all plans, and computes their root hashes, in one pass over the tar. */
export class NativeConsumer implements TarConsumer {
  readonly reportsTarFacts = true;
  readonly #builds: readonly PlannedBuild[];

  constructor(work: NativeWork) {
    this.#builds = work.plans.map((plan) => startPlan(plan, work));
  }

  async consume(chunk: Buffer): Promise<void> {
    for (const { build, spool } of this.#builds) {
      spool?.write(chunk);
      for await (const piece of pieces(chunk)) await build.push(piece);
    }
    releaseOwned(chunk);
  }

  async end(): Promise<Partial<ProcessedFacts>> {
    const roots: VerityRoot[][] = [];
    let facts: Partial<ProcessedFacts> = {};
    for (const { plan, build, file, spool } of this.#builds) {
      const result = await build.end();
      roots.push(plan.classes.map((of) => rootOf(result, of)));
      if (plan.file !== undefined && file !== undefined) {
        const root = rootOf(result, plan.file.class);
        spool?.copyTo(file, root.imageSize);
        file.finish(root);
      }
      facts = result.facts;
    }
    await this.stop();
    return { ...facts, roots };
  }

  async stop(): Promise<void> {
    for (const planned of this.#builds) {
      planned.build.close();
      planned.file?.close();
      planned.spool?.close();
      planned.spool = undefined;
    }
  }
}

function startPlan(plan: ImagePlan, { folder, blobSize }: NativeWork): PlannedBuild {
  const { file: wanted, uuid, profile } = plan;
  const file = wanted && new VerityFile(wanted.path, uuid, PROFILES[profile].blockSize, folder);
  const spool = file !== undefined && PROFILES[profile].appendsTar ? new TarSpool(folder) : undefined;
  const hashing = {
    tree: (blockSize: number) => new BlockTree(blockSize, file?.leaves),
    leaves: (blockSize: number) => new LeafDigests(blockSize, folder),
  };
  const sinks = wanted === undefined || file === undefined ? {} : { [wanted.class]: file };
  return { plan, file, spool, build: startNative({ ...plan, hashing, blobSize, sinks }) };
}

function rootOf({ images }: NativeResult, of: ImagePlan['classes'][number]): VerityRoot {
  const image = images.get(of);
  if (image === undefined) throw new TypeError(`class ${of} was not built`);
  if (!(image instanceof VeritySignError)) return image;
  const others = [...images.values()].some((other) => !(other instanceof VeritySignError));
  throw others ? onlyOtherClasses(of, image) : image;
}
