/** What the engine is to reach on the published sets: mean gap in per cent by class and CPU seconds. */
const TARGETS: Readonly<Record<string, Readonly<Record<number, number>>>> = {
  'Solomon 100': { 1: 0.6, 5: 0.25, 10: 0.1 },
  'Homberger 200': { 1: 1.6, 5: 0.8, 10: 0.5 },
  'Homberger 400': { 1: 3, 5: 1.8, 10: 1 },
  'CVRP 200-500': { 1: 1, 5: 0.7, 10: 0.5 },
  'Li & Lim 100': { 10: 3 },
};

/** null: none was set. */
export function targetPercent(className: string, seconds: number): number | null {
  return TARGETS[className]?.[seconds] ?? null;
}
