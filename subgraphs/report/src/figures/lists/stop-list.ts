import type { Sql } from '../../storage/sql.ts';
import { raw, sql } from '../../storage/sql.ts';
import type { ListRequest } from '../kind.ts';
import { rowsOfStops } from '../source.ts';
import type { Table } from '../tabulate.ts';
import type { ListCell } from './list-cell.ts';
import { columnsOf, selectOf } from './list-cell.ts';
import { dayCell, instantCell } from './time-cells.ts';

/** One row per finished stop, in the order of days and routes. */
export function stopList(request: ListRequest): Table {
  return listStops(request, { cells: [...whichStop, ...howItWent], among: raw('') });
}

/** Stops of the scope that `among` keeps. Where a partner is the subject nobody's name is told. */
export function listStops(
  { scope, period, limit }: ListRequest,
  { cells, among }: { cells: readonly ListCell[]; among: Sql },
): Table {
  const shown = cells.filter(({ isInternal }) => !isInternal || scope.narrow.by !== 'partner');
  const days = { from: sql`${period.from}::date`, to: sql`${period.to}::date` };
  const stops = sql`select f.* ${rowsOfStops(scope, days)} ${among}`;
  return {
    columns: columnsOf(shown),
    statement: sql`select ${raw(selectOf(shown))} from (${stops}) f
      left join fleet_published.depots depot
        on depot.id = f.depot_id and depot.organization_id = f.organization_id
      left join fleet_published.drivers driver
        on driver.id = f.driver_id and driver.organization_id = f.organization_id
      left join fleet_published.vehicles vehicle
        on vehicle.id = f.vehicle_id and vehicle.organization_id = f.organization_id
      order by f.service_date, f.route_id, f.actual_sequence, f.stop_id limit ${limit}`,
  };
}

/** The cells that tell which stop a row is about. */
export const whichStop: readonly ListCell[] = [
  dayCell('day', 'Day', 'f.service_date'),
  { key: 'depot', title: 'Depot', unit: null, sql: 'depot.name', isInternal: true },
  { key: 'driver', title: 'Driver', unit: null, sql: 'driver.display_name', isInternal: true },
  { key: 'vehicle', title: 'Vehicle', unit: null, sql: 'vehicle.display_name', isInternal: true },
  { key: 'kind', title: 'Kind', unit: null, sql: 'f.kind' },
  { key: 'outcome', title: 'Outcome', unit: null, sql: 'f.outcome' },
  instantCell('windowStart', 'Window start', 'f.window_start'),
  instantCell('windowEnd', 'Window end', 'f.window_end'),
  instantCell('plannedArrival', 'Planned arrival', 'f.planned_arrival'),
  instantCell('arrivedAt', 'Arrived', 'f.arrived_at'),
  instantCell('departedAt', 'Departed', 'f.departed_at'),
];

const howItWent: readonly ListCell[] = [
  {
    key: 'onTime',
    title: 'On time',
    unit: null,
    sql: `case when f.on_time then 'yes' when not f.on_time then 'no' end`,
  },
  { key: 'orders', title: 'Orders', unit: 'COUNT', sql: 'f.order_count' },
  { key: 'ordersInFull', title: 'Orders in full', unit: 'COUNT', sql: 'f.orders_in_full' },
  { key: 'ordersOtif', title: 'Orders on time in full', unit: 'COUNT', sql: 'f.orders_otif' },
  { key: 'dwell', title: 'Dwell', unit: 'SECONDS', sql: 'f.dwell_seconds' },
];
