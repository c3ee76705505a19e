import { raw, sql } from '../storage/sql.ts';
import type { ReportColumn } from './column.ts';
import { factsWithin } from './facts.ts';
import type { Period } from './period.ts';
import type { Scope } from './scope.ts';
import type { Table } from './tabulate.ts';

/** One row per finished stop, in the order of days and routes. Partners see no route or plate. */
export function stopListing(what: { scope: Scope; period: Period; limit: number }): Table {
  const { scope, period, limit } = what;
  const days = { from: sql`${period.from}::date`, to: sql`${period.to}::date` };
  const within = factsWithin('stops', scope, days);
  if (within === null) throw new TypeError('Stops can be counted for every scope');
  return {
    columns: cells.map(({ key, title, unit }) => ({ key, title, unit })),
    statement: sql`select ${raw(cells.map(({ key, sql: text }) => `${text} as "${key}"`).join(', '))}
      ${within} order by f.service_date, f.route_id, f.actual_sequence, f.stop_id limit ${limit}`,
  };
}

type Cell = ReportColumn & { readonly sql: string };

const cells: readonly Cell[] = [
  { key: 'day', title: 'Day', unit: null, sql: 'f.service_date::text' },
  { key: 'kind', title: 'Kind', unit: null, sql: 'f.kind' },
  { key: 'outcome', title: 'Outcome', unit: null, sql: 'f.outcome' },
  { key: 'windowStart', title: 'Window start', unit: null, sql: instant('f.window_start') },
  { key: 'windowEnd', title: 'Window end', unit: null, sql: instant('f.window_end') },
  {
    key: 'plannedArrival',
    title: 'Planned arrival',
    unit: null,
    sql: instant('f.planned_arrival'),
  },
  { key: 'arrivedAt', title: 'Arrived', unit: null, sql: instant('f.arrived_at') },
  { key: 'departedAt', title: 'Departed', unit: null, sql: instant('f.departed_at') },
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

function instant(column: string): string {
  return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
}
