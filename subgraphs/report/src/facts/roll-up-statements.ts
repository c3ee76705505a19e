import type { Measure, MeasureName } from '../figures/measures.ts';
import { measureNames, measures } from '../figures/measures.ts';

/**
 * How one roll-up is made for a day. `read` gives its rows as JSON text `sums`, and takes organization
 * and day so often as it has `scopes`; `clear` takes them too; `fill` takes the rows.
 */
type RollUp = {
  readonly read: string;
  readonly scopes: number;
  readonly clear: string;
  readonly fill: string;
};

type Grain = {
  readonly table: string;
  readonly keys: readonly string[];
  readonly hasRoutes: boolean;
};

const GRAINS: readonly Grain[] = [
  { table: 'driver_days', keys: ['depot_id', 'driver_id', 'vehicle_id'], hasRoutes: true },
  { table: 'depot_days', keys: ['depot_id'], hasRoutes: true },
  { table: 'partner_days', keys: ['partner_id'], hasRoutes: false },
];

const STOPS = { table: 'stop_facts', alias: 'f' } as const;
const ROUTES = { table: 'route_facts', alias: 'r' } as const;

/** The statements of every roll-up, made from the list of measures: what is a column is what is counted. */
export const rollUpStatements: readonly RollUp[] = GRAINS.map((grain) => {
  const { table, hasRoutes } = grain;
  const columns = columnsOf(grain).join(', ');
  return {
    read: readStatement(grain),
    scopes: hasRoutes ? 2 : 1,
    clear: `delete from report.${table} where organization_id = ? and service_date = ?`,
    fill: `insert into report.${table} (${columns})
      select ${columns} from json_populate_recordset(null::report.${table}, ?::json)`,
  };
});

function columnsOf(grain: Grain): string[] {
  return [...keysOf(grain), ...measureNames.filter((name) => isOfGrain(name, grain))];
}

function keysOf({ keys }: Grain): string[] {
  return ['organization_id', 'service_date', ...keys];
}

/** A day may have stops without a finished route, and a route whose stops belong to other days. */
function readStatement(grain: Grain): string {
  const keys = keysOf(grain).join(', ');
  const sums = measureNames.filter((name) => isOfGrain(name, grain)).map(orZero);
  const sources = grain.hasRoutes
    ? `(${grouped(grain, 'stops')}) stop full join (${grouped(grain, 'routes')}) route using (${keys})`
    : `(${grouped(grain, 'stops')}) stop`;
  return `select coalesce(json_agg(sums), '[]')::text as sums
    from (select ${keys}, ${sums.join(', ')} from ${sources}) sums`;
}

function isOfGrain(name: MeasureName, { hasRoutes }: Grain): boolean {
  return hasRoutes || measures[name].facts === 'stops';
}

function grouped(grain: Grain, facts: Measure['facts']): string {
  const { table, alias } = facts === 'stops' ? STOPS : ROUTES;
  const keys = keysOf(grain).map((key) => `${alias}.${key}`);
  const sums = measureNames
    .filter((name) => measures[name].facts === facts && isOfGrain(name, grain))
    .map((name) => `${measures[name].sql} as ${name}`);
  const known = grain.keys.map((key) => `and ${alias}.${key} is not null`).join(' ');
  return `select ${[...keys, ...sums].join(', ')} from report.${table} ${alias}
    where ${alias}.organization_id = ? and ${alias}.service_date = ? ${known}
    group by ${keys.join(', ')}`;
}

/** A histogram as text: an array of JSON has no bounds. */
function orZero(name: MeasureName): string {
  const { histogram }: Measure = measures[name];
  const value = histogram === true ? `coalesce(${name}, '{}')::text` : `coalesce(${name}, 0)`;
  return `${value} as ${name}`;
}
