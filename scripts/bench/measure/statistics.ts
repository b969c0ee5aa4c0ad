/** Median, minimum and maximum of the rounds. */
export interface Spread {
  median: number;
  least: number;
  most: number;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
}

export function spread(values: readonly number[]): Spread {
  return { median: median(values), least: Math.min(...values), most: Math.max(...values) };
}

/** The quotients round by round, since a disturbance slows both sides of a round. */
export function ratios(above: readonly number[], below: readonly number[]): number[] {
  return above.map((value, round) => value / (below[round] ?? Number.NaN));
}

/**
 * How steeply `time` grows over the upper part of the sizes, relative to the lower part: 1 if it is
 * linear, more if it grows faster. Points are (size, time), ascending.
 */
export function bend(points: readonly (readonly [number, number])[]): number {
  const [first, middle, last] = [points[0], points.at(-2), points.at(-1)];
  if (points.length < 3 || first === undefined || middle === undefined || last === undefined) {
    return Number.NaN;
  }
  const slope = (a: readonly [number, number], b: readonly [number, number]) => (b[1] - a[1]) / (b[0] - a[0]);
  return slope(middle, last) / slope(first, middle);
}
