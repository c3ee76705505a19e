import { raw, sql } from '../../storage/sql.ts';
import type { ListRequest } from '../kind.ts';
import { scorecard, SHOWN_SCORE } from '../scorecard.ts';
import type { Table } from '../tabulate.ts';
import type { ListCell } from './list-cell.ts';
import { columnsOf, selectOf } from './list-cell.ts';

/** One row per driver, the best of each depot first. */
export function scorecardList({ scope, period, parameters, reading, limit }: ListRequest): Table {
  const { minimumStops = 0 } = parameters;
  return {
    columns: columnsOf(scorecardCells),
    statement: sql`select ${raw(selectOf(scorecardCells))}
      from (${scorecard({ scope, period, reading, minimumStops })}) card
      left join fleet_published.drivers driver
        on driver.id = card.driver_id and driver.organization_id = ${scope.organizationId}
      left join fleet_published.depots depot
        on depot.id = card.depot_id and depot.organization_id = ${scope.organizationId}
      where card.stops >= ${minimumStops}
      order by depot.name, card.rank_in_depot nulls last, driver.display_name, card.driver_id
      limit ${limit}`,
  };
}

/** Of `card`, a row of the scorecard, and the names that are joined to it. */
export const scorecardCells: readonly ListCell[] = [
  { key: 'depot', title: 'Depot', unit: null, sql: 'depot.name' },
  { key: 'driver', title: 'Driver', unit: null, sql: 'driver.display_name' },
  { key: 'rankInDepot', title: 'Rank in depot', unit: 'COUNT', sql: 'card.rank_in_depot::int' },
  { key: 'score', title: 'Score', unit: null, sql: SHOWN_SCORE },
  { key: 'stops', title: 'Stops', unit: 'COUNT', sql: 'card.stops' },
  {
    key: 'onTime',
    title: 'On time',
    unit: 'RATIO',
    sql: 'card.on_time / nullif(card.promised, 0)',
  },
  {
    key: 'expectedOnTime',
    title: 'On time, expected',
    unit: 'RATIO',
    sql: 'card.expected_on_time / nullif(card.promised, 0)',
  },
  {
    key: 'adjustedOnTime',
    title: 'On time, adjusted',
    unit: 'RATIO',
    sql: 'least(1, card.on_time_ratio * card.mean_on_time)',
  },
  {
    key: 'firstAttempt',
    title: 'First attempt',
    unit: 'RATIO',
    sql: 'card.first_attempt / nullif(card.orders, 0)',
  },
  {
    key: 'stopsPerHour',
    title: 'Stops per hour',
    unit: 'PER_HOUR',
    sql: 'card.visits / nullif(card.hours, 0)',
  },
  {
    key: 'expectedStopsPerHour',
    title: 'Stops per hour, expected',
    unit: 'PER_HOUR',
    sql: 'card.expected_visits / nullif(card.hours, 0)',
  },
  {
    key: 'adjustedStopsPerHour',
    title: 'Stops per hour, adjusted',
    unit: 'PER_HOUR',
    sql: 'card.pace_ratio * card.mean_pace',
  },
];
