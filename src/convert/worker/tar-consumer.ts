import type { NativeWork, ProcessedFacts } from '../../model/index.ts';
import { ErofsConsumer } from './erofs-consumer.ts';
import { type ProcessOptions, SinkConsumer, type TarConsumer } from './process-in-place.ts';

/** Picks the consumer of a layer's tar or EROFS image, in this thread. */
export function consumerFor({ expected, sinks, native, blockSizes = [] }: ProcessOptions): TarConsumer {
  if (expected.format === 'erofs') return new ErofsConsumer(blockSizes);
  return native === undefined ? new SinkConsumer(sinks) : new LazyNativeConsumer(native);
}

/** Lazy import: only the native builder needs its modules. */
class LazyNativeConsumer implements TarConsumer {
  readonly reportsTarFacts = true;
  readonly #loaded: Promise<TarConsumer>;

  constructor(work: NativeWork) {
    this.#loaded = import('./native-consumer.ts').then(({ NativeConsumer }) => new NativeConsumer(work));
    this.#loaded.catch(() => undefined);
  }

  async consume(chunk: Buffer): Promise<void> {
    await (await this.#loaded).consume(chunk);
  }

  async end(): Promise<Partial<ProcessedFacts>> {
    return (await this.#loaded).end();
  }

  async stop(): Promise<void> {
    await (await this.#loaded).stop();
  }
}
