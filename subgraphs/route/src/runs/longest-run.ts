/** How many of the values are left at most when some are taken out so that the rest never falls. */
export function longestRun(values: readonly number[]): number {
  /** At i: the lowest value that a part of i + 1 values can end with. */
  const ends: number[] = [];
  for (const value of values) {
    const above = ends.findIndex((end) => end > value);
    ends[above === -1 ? ends.length : above] = value;
  }
  return ends.length;
}
