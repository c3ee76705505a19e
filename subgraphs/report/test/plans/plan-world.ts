import type { Client } from 'pg';

import type { FactWorld } from '../fact-world.ts';
import { createFactWorld } from '../fact-world.ts';
import { emit, routeFinished, somewhere, stopFinished } from '../route-events.ts';
import { fill } from './fill.ts';

/** Of the organization that asks; 19 others have as much. */
export const ours = {
  organization: id('1', '0'),
  depot: id('2', '0'),
  vehicle: id('3', '0'),
  driver: id('4', '0'),
  partner: id('5', '0'),
  report: id('6', '0'),
  schedule: id('7', '0'),
};

export const PERIOD = { from: '2026-08-01', to: '2026-08-31' };
export const PREVIOUS = { from: '2026-07-01', to: '2026-07-31' };

const ORGANIZATIONS = 20;
const MONTHS = 3;

/** Tables large enough that nobody would read one from its beginning to its end for a few rows. */
export async function createPlanWorld(): Promise<FactWorld> {
  const world = await createFactWorld();
  const { sql } = world;
  // Rows are made up as they are needed: references and triggers would check each of them.
  await sql.query(`set session_replication_role = replica; set synchronous_commit = off`);
  await fillFleet(sql);
  await fillFacts(sql);
  await fillRollUps(sql);
  await fillReports(sql);
  await fillRoute(sql);
  await sql.query(`reset session_replication_role`);
  await sql.query('vacuum (analyze)');
  return world;
}

/** The `number`-th thing of a kind; it belongs to organization `number` modulo 20. */
function id(kind: string, number: string): string {
  return `0000000${kind}-0000-7000-8000-${number.padStart(12, '0')}`;
}

function idSql(kind: string, number: string): string {
  return `('0000000${kind}-0000-7000-8000-' || lpad((${number})::text, 12, '0'))::uuid`;
}

const organization = idSql('1', `n % ${ORGANIZATIONS}`);
/** One of so many things of the row's organization. */
const ofOwn = (kind: string, count: number, turn = 'n') =>
  idSql(
    kind,
    `n % ${ORGANIZATIONS} + ${ORGANIZATIONS} * ((${turn}) / ${ORGANIZATIONS} % ${count})`,
  );
const DAYS = MONTHS * 30;
const day = `(date '2026-07-01' + n / ${ORGANIZATIONS} % ${DAYS})`;

async function fillFleet(sql: Client): Promise<void> {
  await fill(sql, 'fleet.organizations', {
    rows: ORGANIZATIONS,
    values: { id: idSql('1', 'n'), currency: `'EUR'`, time_zone: `'UTC'` },
  });
  const own = { organization_id: organization };
  await fill(sql, 'fleet.depots', {
    rows: 4 * ORGANIZATIONS,
    values: { ...own, id: idSql('2', 'n'), time_zone: `'UTC'` },
  });
  await fill(sql, 'fleet.vehicles', {
    rows: 3_000,
    values: { ...own, id: idSql('3', 'n'), kind: `'VAN'`, home_depot_id: ofOwn('2', 4) },
  });
  await fill(sql, 'fleet.drivers', {
    rows: 3_000,
    values: { ...own, id: idSql('4', 'n'), home_depot_id: ofOwn('2', 4) },
  });
  await fill(sql, 'fleet.partners', { rows: 3_000, values: { ...own, id: idSql('5', 'n') } });
  await fill(sql, 'fleet.shifts', {
    rows: 10_000,
    values: {
      ...own,
      vehicle_id: ofOwn('3', 10),
      driver_id: ofOwn('4', 10),
      planned_start: `${day} + time '08:00'`,
      planned_end: `${day} + time '16:00'`,
    },
  });
  await fill(sql, 'fleet.positions', {
    rows: 10_000,
    values: { ...own, vehicle_id: ofOwn('3', 150), recorded_at: `now() - n * interval '1 minute'` },
  });
}

async function fillFacts(sql: Client): Promise<void> {
  await sql.query(
    `select report.open_fact_month((date '2026-07-01' + make_interval(months => n))::date)
     from generate_series(0, $1) n`,
    [MONTHS],
  );
  const whose = {
    organization_id: organization,
    service_date: day,
    depot_id: ofOwn('2', 4),
    vehicle_id: ofOwn('3', 10),
    driver_id: ofOwn('4', 10),
  };
  await fill(sql, 'report.stop_facts', {
    rows: 90_000,
    values: {
      ...whose,
      partner_id: ofOwn('5', 10, 'n / 7'),
      outcome: `case when n % 50 = 0 then 'FAILED' else 'COMPLETED' end`,
      on_time: 'n % 11 > 0',
      window_start: `${day} + time '09:00'`,
      arrived_at: `${day} + time '10:00'`,
      dwell_seconds: 'n % 1500',
      eta_error_seconds: 'n % 900',
    },
  });
  await fill(sql, 'report.route_facts', {
    rows: 10_000,
    values: { ...whose, emission_data_quality: `'MODELED'`, experiment_id: idSql('9', 'n % 900') },
  });
}

async function fillRollUps(sql: Client): Promise<void> {
  const keys = { organization_id: organization, service_date: day };
  // With the turn of the day taken out, no two rows have the same key.
  const turn = `n / ${DAYS}`;
  await fill(sql, 'report.driver_days', {
    rows: 10 * ORGANIZATIONS * DAYS,
    values: {
      ...keys,
      depot_id: ofOwn('2', 4, turn),
      driver_id: ofOwn('4', 10, turn),
      vehicle_id: ofOwn('3', 10, turn),
    },
  });
  await fill(sql, 'report.depot_days', {
    rows: 4 * ORGANIZATIONS * DAYS,
    values: { ...keys, depot_id: ofOwn('2', 4, turn) },
  });
  await fill(sql, 'report.partner_days', {
    rows: 10 * ORGANIZATIONS * DAYS,
    values: { ...keys, partner_id: ofOwn('5', 10, turn) },
  });
  await fill(sql, 'report.day_states', {
    rows: ORGANIZATIONS * DAYS,
    values: { ...keys, restated_at: `case when n % 40 = 0 then now() end` },
  });
}

async function fillReports(sql: Client): Promise<void> {
  const own = { organization_id: organization };
  const about = { kind: `'ON_TIME_IN_FULL'`, subject_type: `'organization'`, formats: `'{CSV}'` };
  const ago = `now() - n * interval '10 minutes'`;
  const isOpen = 'n < 200';
  await fill(sql, 'report.reports', {
    rows: 10_000,
    values: {
      ...own,
      ...about,
      id: idSql('6', 'n'),
      partner_id: `case when n % 3 = 0 then ${ofOwn('5', 10)} end`,
      period_from: `date '2026-08-01'`,
      period_to: `date '2026-08-31'`,
      status: `case when ${isOpen} then 'REQUESTED' else 'SUCCEEDED' end`,
      phase: `case when ${isOpen} then 'WAITING' else 'DONE' end`,
      attempt: `case when ${isOpen} then 0 else 1 end`,
      requested_at: ago,
      started_at: ago,
      finished_at: `case when ${isOpen} then null else ${ago} end`,
      data_as_of: ago,
      expires_at: `now() + interval '1 day' - n * interval '1 minute'`,
      changed_at: ago,
      swept: 'n % 100 > 0',
      schedule_id: ofOwn('7', 150),
    },
  });
  const report = { report_id: idSql('6', 'n % 10000') };
  await fill(sql, 'report.report_requesters', {
    rows: 10_000,
    values: { ...report, requester: `'person ' || n % 500` },
  });
  await fill(sql, 'report.report_rows', {
    rows: 10_000,
    values: { ...report, attempt: '1', ordinal: 'n / 10000' },
  });
  await fill(sql, 'report.report_artifacts', {
    rows: 10_000,
    values: { ...report, format: `'CSV'`, store_key: `'key ' || n` },
  });
  await fill(sql, 'report.schedules', {
    rows: 6_000,
    values: {
      ...own,
      ...about,
      id: idSql('7', 'n'),
      period: `'PREVIOUS_DAY'`,
      unit_system: `'METRIC'`,
      rrule: `'FREQ=DAILY'`,
      time_zone: `'UTC'`,
      locale: `'en'`,
      next_run_at: `now() + (n + 1) * interval '1 minute'`,
    },
  });
  await fill(sql, 'report.schedule_occurrences', {
    rows: 10_000,
    values: {
      schedule_id: idSql('7', 'n % 3000'),
      occurs_at: `now() - n * interval '1 minute'`,
      report_id: idSql('6', 'n % 10000'),
    },
  });
}

async function fillRoute(sql: Client): Promise<void> {
  await fill(sql, 'route.stops', {
    rows: 10_000,
    values: { organization_id: organization, id: idSql('8', 'n'), kind: `'DROPOFF'` },
  });
  await fill(sql, 'route.orders', {
    rows: 10_000,
    values: {
      organization_id: organization,
      service_date: day,
      depot_id: ofOwn('2', 4),
      partner_id: ofOwn('5', 10, 'n / 7'),
      kind: `'DELIVERY'`,
      parcels: `'[{}]'`,
      stop_id: idSql('8', 'n'),
      priority: '50',
    },
  });
  const place = somewhere({
    organizationId: ours.organization,
    depotId: ours.depot,
    vehicleId: ours.vehicle,
    driverId: ours.driver,
    serviceDate: '2026-08-15',
  });
  await emit(sql, stopFinished(place), routeFinished(place));
  await fill(sql, 'route.outbox', { rows: 10_000, values: { type: `'stop.finished'` } });
}
