import type { ProcessedFacts } from '../../model/index.ts';
import { type ProcessOptions, SinkConsumer, type TarConsumer } from './process-in-place.ts';

/** Picks the consumer of a layer's tar or EROFS image, in this thread. */
export function consumerFor({ expected, sinks, native, erofs }: ProcessOptions): TarConsumer {
  if (expected.format === 'erofs') {
    if (erofs === undefined) throw new TypeError('nothing is to be made of an EROFS image');
    return new LazyConsumer(async () => new (await import('./erofs-consumer.ts')).ErofsConsumer(erofs));
  }
  if (native === undefined) return new SinkConsumer(sinks);
  return new LazyConsumer(async () => new (await import('./native-consumer.ts')).NativeConsumer(native));
}

/** Lazy import: most runs need the modules of one kind only. */
class LazyConsumer implements TarConsumer {
  readonly reportsTarFacts = true;
  readonly #loaded: Promise<TarConsumer>;

  constructor(load: () => Promise<TarConsumer>) {
    this.#loaded = load();
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
