import type { Sql } from '../storage/sql.ts';
import { raw, sql } from '../storage/sql.ts';
import type { DimensionKey } from './dimension.ts';
import { summed } from './measures.ts';
import type { MeasureName } from './measures.ts';
import type { Scope } from './scope.ts';
import type { Facts, MeasureKey } from './unrolled-measures.ts';
import { measureOf } from './unrolled-measures.ts';

/** First and last day as SQL expressions of type date. */
export type Days = { readonly from: Sql; readonly to: Sql };

/** A table that measures can be read from, and what can be told apart in it. */
export type Source = {
  readonly name: string;
  readonly table: string;
  readonly counts: readonly Facts[];
  /** Sums of whole days, a row for each of these; otherwise single facts. */
  readonly rowPer?: readonly DimensionKey[];
  /**
   * The column of each dimension; a scope is narrowed by the same columns. Never null where groups of
   * several sources are joined: null is equal to nothing.
   */
  readonly columns: Partial<Record<DimensionKey, string>>;
  /** What has to be joined before a dimension has its column. */
  readonly joins?: Partial<Record<DimensionKey, string>>;
  readonly conditions: (scope: Scope, days: Days) => Sql;
};

const stopFacts: Source = {
  name: 'stop_facts',
  table: 'report.stop_facts f',
  counts: ['stops'],
  columns: {
    day: 'f.service_date',
    depot: 'f.depot_id',
    vehicle: 'f.vehicle_id',
    driver: 'f.driver_id',
    partner: 'f.partner_id',
    energyCarrier: `coalesce(routed.energy_carrier, 'UNKNOWN')`,
  },
  joins: {
    energyCarrier: `left join report.route_facts routed
      on routed.service_date = f.service_date and routed.route_id = f.route_id`,
  },
  conditions: onServiceDate('f'),
};

const routeFacts: Source = {
  name: 'route_facts',
  table: 'report.route_facts r',
  counts: ['routes'],
  columns: {
    day: 'r.service_date',
    depot: 'r.depot_id',
    vehicle: 'r.vehicle_id',
    driver: 'r.driver_id',
    energyCarrier: `coalesce(r.energy_carrier, 'UNKNOWN')`,
  },
  conditions: onServiceDate('r'),
};

const depotDays: Source = {
  name: 'depot_days',
  table: 'report.depot_days d',
  counts: ['stops', 'routes'],
  rowPer: ['day', 'depot'],
  columns: { day: 'd.service_date', depot: 'd.depot_id' },
  conditions: onServiceDate('d'),
};

/** Stops of no partner, or of several at once, are in no row: only a partner's own question fits. */
const partnerDays: Source = {
  name: 'partner_days',
  table: 'report.partner_days d',
  counts: ['stops'],
  rowPer: ['day', 'partner'],
  columns: { day: 'd.service_date', partner: 'd.partner_id' },
  conditions: onServiceDate('d'),
};

const driverDays: Source = {
  name: 'driver_days',
  table: 'report.driver_days d',
  counts: ['stops', 'routes'],
  rowPer: ['day', 'depot', 'vehicle', 'driver'],
  columns: {
    day: 'd.service_date',
    depot: 'd.depot_id',
    vehicle: 'd.vehicle_id',
    driver: 'd.driver_id',
  },
  conditions: onServiceDate('d'),
};

const shifts: Source = {
  name: 'shifts',
  table: `fleet_published.shifts s
    join fleet_published.depots depot on depot.id = s.depot_id
      and depot.organization_id = s.organization_id`,
  counts: ['shifts'],
  columns: {
    day: '(s.planned_start at time zone depot.time_zone)::date',
    depot: 's.depot_id',
    vehicle: 's.vehicle_id',
  },
  // The day of a shift is that of its depot; the wider range in UTC is what an index can serve.
  conditions: ({ organizationId }, { from, to }) => sql`s.organization_id = ${organizationId}
    and s.vehicle_id is not null
    and s.planned_start >= (${from} - 1)::timestamp at time zone 'UTC'
    and s.planned_start < (${to} + 2)::timestamp at time zone 'UTC'
    and s.planned_start >= ${from}::timestamp at time zone depot.time_zone
    and s.planned_start < (${to} + 1)::timestamp at time zone depot.time_zone`,
};

/** Days that other plans had a part in compare nothing. */
const outcomes: Source = {
  name: 'outcomes',
  table: 'route_published.experiment_outcomes o',
  counts: ['outcomes'],
  columns: { day: 'o.service_date', depot: 'o.depot_id', variant: 'o.variant_key' },
  conditions: (scope, days) => sql`${onServiceDate('o')(scope, days)} and o.is_whole_day
    and o.experiment_id = ${scope.experimentId ?? null}::uuid`,
};

/** The cheapest first. */
const sources = [depotDays, partnerDays, driverDays, stopFacts, routeFacts, shifts, outcomes];

/** Where a question may look: in sums of days, or in the single facts only. */
export type Reading = 'roll-ups' | 'facts';

export type Question = {
  readonly scope: Scope;
  readonly dimensions: readonly DimensionKey[];
  readonly reading: Reading;
};

/**
 * The cheapest source that can tell the scope and the groups apart, or null: a route carries several
 * partners' orders, so that nothing counted over routes says anything about a partner.
 */
export function sourceOf(key: MeasureKey, question: Question): Source | null {
  const measure = measureOf(key);
  const fits = (source: Source) =>
    source.counts.includes(measure.facts) &&
    (source.rowPer === undefined || question.reading === 'roll-ups') &&
    tellsApart(source, question);
  return sources.find(fits) ?? null;
}

function tellsApart(source: Source, { scope, dimensions }: Question): boolean {
  const { by } = scope.narrow;
  if (source === partnerDays && by !== 'partner') return false;
  return (
    (by === 'organization' || source.columns[by] !== undefined) &&
    dimensions.every((key) => source.columns[key] !== undefined)
  );
}

/** The measure as an aggregate over rows of the source. */
export function aggregateOf(source: Source, key: MeasureKey): string {
  // A measure that a roll-up counts is a column of it: `sourceOf` gives no other.
  const aggregate = source.rowPer === undefined ? measureOf(key).sql : summed(key as MeasureName);
  return shown(key, aggregate);
}

/** The measure as it is in a row of the source, where each row is a group: see `isRowEach`. */
export function columnOf(key: MeasureKey): string {
  return shown(key, `d.${key}`);
}

function shown(key: MeasureKey, value: string): string {
  return `${measureOf(key).isHistogram ? value : `(${value})::float8`} as "${key}"`;
}

/** Whether every group is one row of the source, so that there is nothing to add up. */
export function isRowEach({ rowPer }: Source, dimensions: readonly DimensionKey[]): boolean {
  return rowPer?.every((key) => dimensions.includes(key)) ?? false;
}

/** `from … where …` of a source, as a range on the indexed day. */
export function rowsWithin(source: Source, { scope, dimensions, days, subject }: Rows): Sql {
  const joins = dimensions.flatMap((key) => source.joins?.[key] ?? []);
  return sql`from ${raw([source.table, ...joins].join(' '))}
    where ${source.conditions(scope, days)}${narrowed(source, scope, subject)}`;
}

type Rows = {
  readonly scope: Scope;
  readonly dimensions: readonly DimensionKey[];
  readonly days: Days;
  /** The id that the scope is narrowed to as SQL, where one statement asks about several. */
  readonly subject?: Sql | undefined;
};

function narrowed({ columns, name }: Source, { narrow }: Scope, subject?: Sql): Sql {
  if (narrow.by === 'organization') return raw('');
  const column = columns[narrow.by];
  if (column === undefined) throw new TypeError(`${name} cannot be narrowed by ${narrow.by}`);
  return sql` and ${raw(column)} = ${subject ?? narrow.id}`;
}

function onServiceDate(alias: string): Source['conditions'] {
  const column = (name: string) => raw(`${alias}.${name}`);
  return ({ organizationId }, { from, to }) =>
    sql`${column('organization_id')} = ${organizationId}
      and ${column('service_date')} >= ${from} and ${column('service_date')} <= ${to}`;
}

/** `from … where …` of single stops (`f` is a row of report.stop_facts). */
export function rowsOfStops(scope: Scope, days: Days): Sql {
  return rowsWithin(stopFacts, { scope, dimensions: [], days });
}
