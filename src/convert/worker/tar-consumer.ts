import type { NativeWork, ProcessedFacts } from '../../model/index.ts';
import { type ProcessOptions, SinkConsumer, type TarConsumer } from './process-in-place.ts';

/** Whoever takes a layer's tar in this process or thread. */
export function consumerFor({ sinks, native }: ProcessOptions): TarConsumer {
  return native === undefined ? new SinkConsumer(sinks) : new NativeWhenNeeded(native);
}

/** The native builder is loaded by those who build with it. */
class NativeWhenNeeded implements TarConsumer {
  readonly reportsDropped = true;
  readonly #loaded: Promise<TarConsumer>;

  constructor(work: NativeWork) {
    this.#loaded = import('./native-consumer.ts').then(({ NativeConsumer }) => new NativeConsumer(work));
    this.#loaded.catch(() => undefined);
  }

  async take(piece: Buffer): Promise<void> {
    await (await this.#loaded).take(piece);
  }

  async end(): Promise<Partial<ProcessedFacts>> {
    return (await this.#loaded).end();
  }

  async stop(): Promise<void> {
    await (await this.#loaded).stop();
  }
}
