import { instantAt } from '../calendar.ts';
import type { Day } from '../calendar.ts';
import type { CrewPlan, DepotPlan } from '../fleet/plan.ts';
import type { Row, Rows } from '../load/tables.ts';
import { createRandom } from '../random.ts';
import { sortableId } from '../sortable-id.ts';
import { crewsOnDuty } from './duty.ts';

/** The id of a crew's shift on a day. */
export function shiftId(depot: DepotPlan, crew: CrewPlan, day: Day): string {
  const random = createRandom(`shift/${crew.driver.id}/${day}`);
  return sortableId(random, instantAt(day, -5 * 1440, depot.timeZone));
}

/** The planned shifts of a depot's day; `isOver` fills in when they started and ended. */
export function shiftRows(depot: DepotPlan, day: Day, { isOver }: { isOver: boolean }): Rows {
  return {
    'fleet.shifts': crewsOnDuty(depot, day).map((crew) => shiftRow({ depot, crew, day }, isOver)),
  };
}

function shiftRow(
  { depot, crew, day }: { depot: DepotPlan; crew: CrewPlan; day: Day },
  isOver: boolean,
): Row<'fleet.shifts'> {
  const random = createRandom(`clock/${crew.driver.id}/${day}`);
  const at = (minutes: number): Date =>
    new Date(Math.round(instantAt(day, minutes, depot.timeZone)));
  const started = at(crew.shiftStartMinutes + random.normal(-2, 3));
  const ended = at(crew.shiftEndMinutes + random.normal(4, 14));
  return {
    id: shiftId(depot, crew, day),
    organization_id: depot.organization.id,
    driver_id: crew.driver.id,
    vehicle_id: crew.vehicle.id,
    planned_start: at(crew.shiftStartMinutes),
    planned_end: at(crew.shiftEndMinutes),
    started_at: isOver ? started : null,
    ended_at: isOver ? ended : null,
  };
}
