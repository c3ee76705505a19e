import type { Measure, MeasureName } from '../figures/measures.ts';
import { measureNames, measures } from '../figures/measures.ts';

/** How one roll-up is written for a day: `clear` takes organization and day, `fill` takes them so often as it has `scopes`. */
type RollUp = {
  readonly clear: string;
  readonly fill: { readonly text: string; readonly scopes: number };
};

type Grain = {
  readonly table: string;
  readonly keys: readonly string[];
  readonly hasRoutes: boolean;
  readonly hasHistograms: boolean;
};

const GRAINS: readonly Grain[] = [
  {
    table: 'driver_days',
    keys: ['depot_id', 'driver_id', 'vehicle_id'],
    hasRoutes: true,
    hasHistograms: false,
  },
  { table: 'depot_days', keys: ['depot_id'], hasRoutes: true, hasHistograms: true },
  { table: 'partner_days', keys: ['partner_id'], hasRoutes: false, hasHistograms: true },
];

const STOPS = { table: 'stop_facts', alias: 'f' } as const;
const ROUTES = { table: 'route_facts', alias: 'r' } as const;

/** The statements of every roll-up, made from the list of measures: what is a column is what is counted. */
export const rollUpStatements: readonly RollUp[] = GRAINS.map((grain) => ({
  clear: `delete from report.${grain.table} where organization_id = ? and service_date = ?`,
  fill: fillStatement(grain),
}));

/** A day may have stops without a finished route, and a route whose stops belong to other days. */
function fillStatement(grain: Grain): RollUp['fill'] {
  const columns = measureNames.filter((name) => isOfGrain(name, grain));
  const sources = grain.hasRoutes
    ? `(${grouped(grain, 'stops')}) stop full join (${grouped(grain, 'routes')}) route
         using (${['organization_id', 'service_date', ...grain.keys].join(', ')})`
    : `(${grouped(grain, 'stops')}) stop`;
  const keys = ['organization_id', 'service_date', ...grain.keys].join(', ');
  const text = `insert into report.${grain.table} (${keys}, ${columns.join(', ')})
    select ${keys}, ${columns.map(orZero).join(', ')} from ${sources}`;
  return { text, scopes: grain.hasRoutes ? 2 : 1 };
}

function isOfGrain(name: MeasureName, { hasRoutes, hasHistograms }: Grain): boolean {
  const { facts, histogram }: Measure = measures[name];
  return (hasRoutes || facts === 'stops') && (hasHistograms || histogram !== true);
}

function grouped(grain: Grain, facts: Measure['facts']): string {
  const { table, alias } = facts === 'stops' ? STOPS : ROUTES;
  const keys = ['organization_id', 'service_date', ...grain.keys].map((key) => `${alias}.${key}`);
  const sums = measureNames
    .filter((name) => measures[name].facts === facts && isOfGrain(name, grain))
    .map((name) => `${measures[name].sql} as ${name}`);
  const known = grain.keys.map((key) => `and ${alias}.${key} is not null`).join(' ');
  return `select ${[...keys, ...sums].join(', ')} from report.${table} ${alias}
    where ${alias}.organization_id = ? and ${alias}.service_date = ? ${known}
    group by ${keys.join(', ')}`;
}

function orZero(name: MeasureName): string {
  const { histogram }: Measure = measures[name];
  return histogram === true ? `coalesce(${name}, '{}')` : `coalesce(${name}, 0)`;
}
