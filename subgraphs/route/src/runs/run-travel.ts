import { plannerTravel } from '../road-data/planner-travel.ts';
import type { RoadData } from '../road-data/road-data.ts';
import { localTimeOfDay } from '../road-data/time-band.ts';
import { withLockedLegs } from './locked-legs.ts';
import type { RunProblem } from './run-problem.ts';

/** For all road data of a run; what has not come by then is estimated. */
const DEADLINE_MS = 30_000;

/**
 * The same problem, with what the roads say about its places instead of the straight line. After
 * `stop` it is estimated.
 */
export async function byRoad(
  run: RunProblem,
  { roadData, signal, stop }: { roadData: RoadData; signal: AbortSignal; stop: AbortSignal },
): Promise<RunProblem> {
  const { problem, day } = run;
  const travel = await plannerTravel(
    roadData,
    {
      places: problem.places,
      profiles: problem.vehicles.map(({ profile }) => profile),
      localTime: localTimeOfDay(day.serviceDate, middleOfShifts(problem.vehicles)),
    },
    { signal, until: AbortSignal.any([stop, AbortSignal.timeout(DEADLINE_MS)]) },
  );
  return withLockedLegs({ ...run, problem: { ...problem, travel } });
}

const NOON_SECONDS = 43_200;

/** One matrix serves the whole day: it is that of the time between the first start and the last end. */
function middleOfShifts(vehicles: RunProblem['problem']['vehicles']): number {
  if (vehicles.length === 0) return NOON_SECONDS;
  const starts = vehicles.map(({ shiftStartSeconds }) => shiftStartSeconds);
  const ends = vehicles.map(({ shiftEndSeconds }) => shiftEndSeconds);
  return (Math.min(...starts) + Math.max(...ends)) / 2;
}
