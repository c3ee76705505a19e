import { join, raw, sql } from '../../storage/sql.ts';
import type { ListRequest } from '../kind.ts';
import type { Table } from '../tabulate.ts';
import type { ListCell } from './list-cell.ts';
import { columnsOf, selectOf } from './list-cell.ts';
import { dayCell, instantCell } from './time-cells.ts';

/** What can become of an order. */
export const ORDER_STATUSES = [
  'ACCEPTED',
  'PLANNED',
  'DISPATCHED',
  'DELIVERED',
  'PARTIALLY_DELIVERED',
  'FAILED',
  'CANCELED',
] as const;

/** One row per order of the days, as it stands now; in the order of an index, so that it streams. */
export function orderList({ scope, period, parameters, limit }: ListRequest): Table {
  const { organizationId, narrow } = scope;
  const { statuses = ORDER_STATUSES } = parameters;
  const wanted = join(
    statuses.map((status) => sql`${status}`),
    ', ',
  );
  return {
    columns: columnsOf(cells),
    statement: sql`select ${raw(selectOf(cells))}
      from route_published.orders o
      left join fleet_published.depots depot
        on depot.id = o.depot_id and depot.organization_id = o.organization_id
      left join fleet_published.partners partner
        on partner.id = o.partner_id and partner.organization_id = o.organization_id
      where o.organization_id = ${organizationId}
      and o.service_date >= ${period.from}::date and o.service_date <= ${period.to}::date
      and o.status in (${wanted})${narrow.by === 'organization' ? raw('') : narrowedTo(narrow)}
      order by o.service_date, o.id limit ${limit}`,
  };
}

function narrowedTo({ by, id }: { by: string; id: string }) {
  if (by !== 'depot' && by !== 'partner') throw new TypeError(`Orders are of no ${by}`);
  return sql` and ${raw(`o.${by}_id`)} = ${id}`;
}

const cells: readonly ListCell[] = [
  { key: 'trackingNumber', title: 'Tracking number', unit: null, sql: 'o.tracking_number' },
  { key: 'externalReference', title: 'Reference', unit: null, sql: 'o.external_reference' },
  dayCell('day', 'Day', 'o.service_date'),
  { key: 'depot', title: 'Depot', unit: null, sql: 'depot.name' },
  { key: 'partner', title: 'Partner', unit: null, sql: 'partner.name' },
  { key: 'kind', title: 'Kind', unit: null, sql: 'o.kind' },
  { key: 'status', title: 'Status', unit: null, sql: 'o.status' },
  { key: 'attempt', title: 'Attempt', unit: 'COUNT', sql: 'o.attempt' },
  { key: 'parcels', title: 'Parcels', unit: 'COUNT', sql: 'o.load_parcels' },
  instantCell('createdAt', 'Created', 'o.created_at'),
  instantCell('windowStart', 'Window start', 'o.promised_start'),
  instantCell('windowEnd', 'Window end', 'o.promised_end'),
  instantCell('plannedArrival', 'Planned arrival', 'o.planned_arrival'),
  instantCell('arrivedAt', 'Arrived', 'o.arrived_at'),
  instantCell('finishedAt', 'Finished', 'o.finished_at'),
  { key: 'failureReason', title: 'Reason', unit: null, sql: 'o.failure_reason' },
];
