import type { JudgedPlan } from './planner-messages.ts';

/** The most important order that only one of two plans leaves out decides, and only then the cost. */
export function isBetterPlan(a: JudgedPlan, b: JudgedPlan): boolean {
  const first = a.leftOut.findIndex((priority, index) => priority !== b.leftOut[index]);
  if (first >= 0) return a.leftOut[first]! < (b.leftOut[first] ?? -1);
  return (
    a.leftOut.length < b.leftOut.length ||
    (a.leftOut.length === b.leftOut.length && a.cost < b.cost)
  );
}
