import { join, raw, sql } from '../../storage/sql.ts';
import type { ListRequest } from '../kind.ts';
import { detentionSeconds, stopConditions } from '../stop-conditions.ts';
import type { Table } from '../tabulate.ts';
import type { ListCell } from './list-cell.ts';
import { listStops, whichStop } from './stop-list.ts';

/** Names of what a client may ask for. */
export const EXCEPTION_NAMES = Object.keys(stopConditions) as (keyof typeof stopConditions)[];

/** One row per stop with at least one of the exceptions asked for: all that is wrong, and how much. */
export function exceptionList(request: ListRequest): Table {
  const { exceptions = EXCEPTION_NAMES } = request.parameters;
  const wanted = exceptions.map((name) => raw(`(${stopConditions[name]})`));
  const among = sql`and (${join(wanted, ' or ')})`;
  return listStops(request, { cells: [...whichStop, ...whatWasWrong], among });
}

const names = EXCEPTION_NAMES.map((name) => `case when ${stopConditions[name]} then '${name}' end`);

const whatWasWrong: readonly ListCell[] = [
  {
    key: 'exceptions',
    title: 'Exceptions',
    unit: null,
    sql: `concat_ws(', ', ${names.join(', ')})`,
  },
  { key: 'failureReason', title: 'Reason', unit: null, sql: 'f.failure_reason' },
  {
    key: 'late',
    title: 'Late by',
    unit: 'SECONDS',
    sql: `case when ${stopConditions.LATE} then extract(epoch from f.arrived_at - f.window_end)::float8 end`,
  },
  {
    key: 'detention',
    title: 'Detention',
    unit: 'SECONDS',
    sql: `case when ${stopConditions.DETAINED} then ${detentionSeconds} end`,
  },
  {
    key: 'plannedSequence',
    title: 'Planned place',
    unit: 'COUNT',
    sql: 'f.planned_sequence',
  },
  { key: 'actualSequence', title: 'Actual place', unit: 'COUNT', sql: 'f.actual_sequence' },
  { key: 'orders', title: 'Orders', unit: 'COUNT', sql: 'f.order_count' },
];
