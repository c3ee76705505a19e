import { weekday } from '../calendar.ts';
import type { Day } from '../calendar.ts';
import type { CrewPlan, DepotPlan } from '../fleet/plan.ts';
import { createRandom } from '../random.ts';

// Sunday to Saturday: how many of the crews work.
const SHARES = [0.4, 0.95, 0.93, 0.93, 0.95, 0.95, 0.5] as const;

// Of each depot: somebody is there every day, among them the drivers of the demo's tokens.
const ALWAYS_ON_DUTY = 2;

/** The crews that work on a day; vehicles in the workshop stay there. */
export function crewsOnDuty(depot: DepotPlan, day: Day): CrewPlan[] {
  const random = createRandom(`duty/${depot.code}/${day}`);
  const share = SHARES[weekday(day)] ?? 0;
  return depot.crews.filter((crew, index) => {
    const drawn = random.chance(share);
    return crew.vehicle.status === 'AVAILABLE' && (drawn || index < ALWAYS_ON_DUTY);
  });
}
