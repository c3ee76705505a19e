import { addDays, dayAt, daysBetween } from '../calendar.ts';
import type { Day } from '../calendar.ts';
import type { DepotPlan } from '../fleet/plan.ts';

/** How large the demo data is. */
export type DemoSize = {
  historyDays: number;
  crewsPerDepot: number;
  /** Multiplies the stops of a full day's route. */
  stopShare: number;
  /** Open orders for each crew and day. */
  ordersPerCrew: number;
};

/** What `npm start` shows. */
export const FULL: DemoSize = {
  historyDays: 30,
  crewsPerDepot: Infinity,
  stopShare: 0.93,
  ordersPerCrew: 24,
};

/** For tests: two organizations, a dozen vehicles, three days. */
export const SMALL: DemoSize = {
  historyDays: 3,
  crewsPerDepot: 3,
  stopShare: 0.12,
  ordersPerCrew: 4,
};

/** One depot and day of one sort of data: the unit that is loaded once. */
export type Part = {
  kind: 'finished' | 'open-early' | 'open-late' | 'shifts' | 'positions';
  depot: DepotPlan;
  day: Day;
};

/** Everything that has to be there at an instant, days in each depot's time zone, oldest first. */
export function partsAt(now: number, depots: readonly DepotPlan[], size: DemoSize): Part[] {
  return depots.flatMap((depot) => {
    const today = dayAt(now, depot.timeZone);
    const of = (kind: Part['kind'], days: readonly Day[]): Part[] =>
      days.map((day) => ({ kind, depot, day }));
    return [
      ...of('finished', daysBetween(addDays(today, -size.historyDays), addDays(today, -1))),
      ...of('shifts', daysBetween(today, addDays(today, 6))),
      ...of('open-early', [today, addDays(today, 1)]),
      ...of('open-late', [today]),
      ...of('positions', [today]),
    ];
  });
}

/** Names a part in the database. */
export function partKey({ kind, depot, day }: Part): string {
  return `${depot.code} ${day} ${kind}`;
}
