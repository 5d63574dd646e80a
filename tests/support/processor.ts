/**
 * Seconds of processor time, for tests that something takes linear time: the clock on the wall also counts what a
 * busy machine does besides.
 */
export function stopwatch(): () => number {
  const before = process.cpuUsage();
  return () => process.cpuUsage(before).user / 1e6;
}
