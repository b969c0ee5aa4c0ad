/** Milliseconds of processor time that this process has used: unlike a clock, other programs do not move it. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
