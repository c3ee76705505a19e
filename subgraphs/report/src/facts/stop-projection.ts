import type { EntityManager } from '@mikro-orm/postgresql';

import type { EventRange } from './events.ts';
import { LATEST_OF_TYPE, rangeValues } from './events.ts';
import { projectionStatement } from './fact-columns.ts';

/** What the body of `stop.finished` says, under the same names in camel case. */
const BODY = {
  depot_id: 'uuid',
  partner_id: 'uuid',
  route_id: 'uuid',
  vehicle_id: 'uuid',
  driver_id: 'uuid',
  service_date: 'date',
  kind: 'text',
  outcome: 'text',
  failure_reason: 'text',
  window_start: 'timestamptz',
  window_end: 'timestamptz',
  planned_arrival: 'timestamptz',
  arrived_at: 'timestamptz',
  departed_at: 'timestamptz',
  on_time: 'boolean',
  order_count: 'integer',
  orders_in_full: 'integer',
  orders_otif: 'integer',
  orders_first_attempt: 'integer',
  dwell_seconds: 'integer',
  planned_sequence: 'integer',
  actual_sequence: 'integer',
  service_seconds: 'integer',
  leg_distance_meters: 'integer',
  leg_duration_seconds: 'integer',
  direct_distance_meters: 'integer',
  load_weight_kg: 'double precision',
  eta_error_seconds: 'integer',
} as const;

/** Writes the finished stops of the range. A correction replaces what its stop had before. */
export async function projectStops(tx: EntityManager, range: EventRange): Promise<void> {
  await tx.execute(statement, [...rangeValues(range), 'stop.finished']);
}

const statement = projectionStatement({
  table: 'stop_facts',
  subject: 'stop_id',
  body: BODY,
  events: LATEST_OF_TYPE,
});
