import type { PlanningProblem } from '../engine.ts';
import { depotDay } from '../generated/depot-day.ts';
import { windowsInstance } from '../generated/windows-instance.ts';
import { toProblem } from '../to-problem.ts';

/** What speed and memory are measured on, each with and without the constraints of real life. */
export const LARGE_PROBLEMS = {
  'windows of 400 orders': () => windows(400),
  'depot day of 400 orders': () => depotDay({ name: 'day-400', orders: 400, depots: 1 }),
  'windows of 1,000 orders': () => windows(1000),
  'depot day of 1,000 orders': () => depotDay({ name: 'day-1000', orders: 1000, depots: 2 }),
} satisfies Readonly<Record<string, () => PlanningProblem>>;

export type LargeProblem = keyof typeof LARGE_PROBLEMS;

function windows(customers: number): PlanningProblem {
  return toProblem(windowsInstance({ spread: 'mixed', horizon: 'short', customers }), 'DIMACS');
}
