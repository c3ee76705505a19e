import type { TestStack } from '@quantumroute/ops/local/testing';
import { encodeId, newId } from '@quantumroute/schema/ids';
import { Pool } from 'pg';
import type { Part } from './follower.ts';

/** Vehicles of one organization that move and raise alarm, whose process dies before it tells of it. */
export type FleetLives = {
  /** One vehicle has another position, and one has an alert. */
  happen(): Promise<void>;
  /** By id, what everybody ought to know in the end. */
  readonly positions: ReadonlyMap<string, number>;
  readonly alerts: ReadonlyMap<string, number>;
  close(): Promise<void>;
};

type MapFrame = { vehicles: { id: string; position: { recordedAt: string } }[] };

/** What its watchers subscribe to, and what an event tells of it. */
export const MAP = {
  query:
    'subscription { vehiclePositions(filter: {}, intervalSeconds: 1) { vehicles { id position { recordedAt } } } }',
  field: 'vehiclePositions',
  partsOf: ({ vehicles }: MapFrame): Part[] =>
    vehicles.map(({ id, position }) => ({
      id,
      version: Date.parse(position.recordedAt),
      status: 'MOVED',
    })),
};
export const ALERTS = {
  query: 'subscription { vehicleAlerts { id } }',
  field: 'vehicleAlerts',
  partsOf: ({ id }: { id: string }): Part[] => [{ id, version: 1, status: 'TOLD' }],
};

/** Of the organization that the report belongs to. */
export async function openFleetLives(stack: TestStack, reportUuid: string): Promise<FleetLives> {
  const sql = new Pool({ connectionString: stack.databaseUrl, max: 2 });
  const { rows: vehicles } = await sql.query<{ vehicle_id: string }>(
    `select vehicle_id from fleet.latest_positions where organization_id =
       (select organization_id from report.reports where id = $1)`,
    [reportUuid],
  );
  const positions = new Map<string, number>();
  const alerts = new Map<string, number>();
  let count = 0;
  return {
    positions,
    alerts,
    async happen() {
      count += 1;
      const vehicleId = vehicles[count % vehicles.length]?.vehicle_id;
      const { rows } = await sql.query<{ recorded_at: Date }>(MOVE, [vehicleId]);
      positions.set(encodeId('vehicle', vehicleId ?? ''), rows[0]?.recorded_at.getTime() ?? 0);
      const alertId = newId();
      await sql.query(ALERT, [alertId, vehicleId]);
      alerts.set(encodeId('alert', alertId), 1);
    },
    close: () => sql.end(),
  };
}

const MOVE = `update fleet.latest_positions
  set recorded_at = clock_timestamp(), received_at = now(), latitude = latitude + 0.00001
  where vehicle_id = $1 returning recorded_at`;
const ALERT = `insert into fleet.vehicle_alerts
    (id, organization_id, vehicle_id, home_depot_id, kind, occurred_at, latitude, longitude, detail)
  select $1, vehicle.organization_id, vehicle.id, vehicle.home_depot_id, 'LOW_ENERGY', now(), 10, 10, 'chaos'
  from fleet.vehicles vehicle where vehicle.id = $2`;
