import { ToolError } from '../../../src/lib/process/run.ts';
import { failure } from '../common.ts';

/** Milliseconds between two signs of life. */
const INTERVAL = 20_000;

/**
 * Does one step, and prints its name at the start, a sign of life now and then, and the seconds at the end.
 * Error (`environment`): a command of it ran out of time; it names the step.
 */
export async function reportStep(title: string, work: () => Promise<void>): Promise<void> {
  const start = performance.now();
  const seconds = (): string => `${((performance.now() - start) / 1000).toFixed(0).padStart(4)} s`;
  console.log(`${seconds()}  ${title} …`);
  const timer = setInterval(() => console.log(`${seconds()}  ${title} goes on`), INTERVAL);
  try {
    await work();
    console.log(`${seconds()}  ${title} done`);
  } catch (error) {
    if (!timedOut(error)) throw error;
    throw failure(
      `${title} ran out of time: ${(error as Error).message}`,
      'Check the network, then run it again: it continues with this step',
      error,
    );
  } finally {
    clearInterval(timer);
  }
}

function timedOut(error: unknown): boolean {
  if (error instanceof ToolError) return error.timedOut;
  return error instanceof Error && error.cause !== undefined && timedOut(error.cause);
}
