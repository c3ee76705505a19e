import type { FigureKey } from '../figures/catalogue.ts';
import type { Aggregates } from '../figures/kpi-value.ts';
import type { Asked } from '../figures/measure-each.ts';
import { measureEach } from '../figures/measure-each.ts';
import type { Query } from '../figures/measure.ts';
import type { Emissions, Utilization } from '../resolvers/schema-types.ts';
import { sql } from '../storage/sql.ts';

/** What a vehicle did and emitted. */
export type VehicleNumbers = { readonly utilization: Utilization; readonly emissions: Emissions };

const FIGURES = [
  'routes',
  'distance',
  'drivingTime',
  'timeOnRoute',
  'dutyTime',
  'shiftTime',
  'utilization',
  'loadUtilization',
  'emptyShare',
  'co2e',
  'transportActivity',
  'co2eIntensity',
  'measuredCo2e',
] as const satisfies readonly FigureKey[];

/** The numbers of each vehicle, by one statement; null for those of other organizations. */
export async function readVehicleNumbers(
  query: Query,
  organizationId: string,
  asked: readonly Asked[],
): Promise<(VehicleNumbers | null)[]> {
  const what = { organizationId, by: 'vehicle', figures: FIGURES } as const;
  const rows = await measureEach(query, { ...what, beside: factorSets(organizationId) }, asked);
  return rows.map((row) => row && { utilization: utilizationOf(row), emissions: emissionsOf(row) });
}

/** Names cannot be summed up: they are told by the facts. */
function factorSets(organizationId: string) {
  return {
    columns: 'factors.factor_sets',
    joins: sql`cross join lateral (
      select string_agg(distinct r.factor_set, ', ') as factor_sets from report.route_facts r
      where r.organization_id = ${organizationId} and r.vehicle_id = asked.id
      and r.service_date >= asked.day_from and r.service_date <= asked.day_to
      and r.co2e_grams is not null) factors`,
  };
}

function utilizationOf(row: Aggregates): Utilization {
  return {
    routes: total(row, 'routes'),
    distanceMeters: total(row, 'distance'),
    drivingSeconds: total(row, 'drivingTime'),
    plannedSeconds: total(row, 'timeOnRoute'),
    dutySeconds: total(row, 'dutyTime'),
    shiftSeconds: total(row, 'shiftTime'),
    timeRatio: value(row, 'utilization'),
    loadRatio: value(row, 'loadUtilization'),
    emptyDistanceRatio: value(row, 'emptyShare'),
  };
}

const METHODOLOGY = 'calculated following the GLEC framework';

function emissionsOf(row: Aggregates): Emissions {
  const known = value(row, 'measuredCo2e');
  const factorSet = row['factor_sets'];
  return {
    co2eGrams: total(row, 'co2e'),
    tonneKm: value(row, 'transportActivity') ?? 0,
    gramsPerTonneKm: value(row, 'co2eIntensity'),
    dataQuality: known === null ? null : known === 1 ? 'MODELED' : 'DEFAULT',
    factorSet: typeof factorSet === 'string' ? factorSet : null,
    methodology: METHODOLOGY,
  };
}

function total(row: Aggregates, key: (typeof FIGURES)[number]): number {
  return Math.round(value(row, key) ?? 0);
}

function value(row: Aggregates, key: (typeof FIGURES)[number]): number | null {
  const cell = row[key];
  return typeof cell === 'number' ? cell : null;
}
