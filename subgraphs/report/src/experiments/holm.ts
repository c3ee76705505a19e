/** Holm (1979): p-values of several comparisons, raised so that all of them together err as one would. */
export function holm(pValues: readonly number[]): number[] {
  const ranked = pValues.map((p, place) => ({ p, place })).toSorted((a, b) => a.p - b.p);
  const adjusted = pValues.map(() => 1);
  let floor = 0;
  for (const [rank, { p, place }] of ranked.entries()) {
    floor = Math.max(floor, Math.min(1, p * (pValues.length - rank)));
    adjusted[place] = floor;
  }
  return adjusted;
}
