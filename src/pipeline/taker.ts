import { type PourOptions, SinkTaker, type TarTaker } from '../layers/pour.ts';
import type { NativeWork, PouredFacts } from './stages.ts';

/** Whoever takes a layer's tar in this process or thread. */
export function takerFor({ sinks, native }: PourOptions): TarTaker {
  return native === undefined ? new SinkTaker(sinks) : new NativeWhenNeeded(native);
}

/** The native builder is loaded by those who build with it. */
class NativeWhenNeeded implements TarTaker {
  readonly tellsDropped = true;
  readonly #loaded: Promise<TarTaker>;

  constructor(work: NativeWork) {
    this.#loaded = import('./native-taker.ts').then(({ NativeTaker }) => new NativeTaker(work));
    this.#loaded.catch(() => undefined);
  }

  async take(piece: Buffer): Promise<void> {
    await (await this.#loaded).take(piece);
  }

  async end(): Promise<Partial<PouredFacts>> {
    return (await this.#loaded).end();
  }

  async stop(): Promise<void> {
    await (await this.#loaded).stop();
  }
}
