/**
 * Reduces `items`, for which `differs` is true, to fewer for which it still is: removes halves first, then
 * smaller parts, and single items last. Once `over` is true, returns the items that are left.
 * [A. Zeller, R. Hildebrandt, Simplifying and Isolating Failure-Inducing Input]
 */
export async function minimise<T>(
  items: readonly T[],
  differs: (fewer: readonly T[]) => Promise<boolean>,
  over: () => boolean = () => false,
): Promise<T[]> {
  let kept = [...items];
  for (let step = Math.ceil(kept.length / 2); step >= 1; step = step === 1 ? 0 : Math.ceil(step / 2)) {
    for (let at = 0; at < kept.length; ) {
      if (over()) return kept;
      const fewer = kept.toSpliced(at, step);
      if (await differs(fewer)) kept = fewer;
      else at += step;
    }
  }
  return kept;
}
