import type { EntityManager } from '@mikro-orm/postgresql';

import { badInput, failure } from '@quantumroute/ops/failures';
import type { Identity } from '@quantumroute/ops/identity';
import type { IdType } from '@quantumroute/schema/ids';
import { decodeId } from '@quantumroute/schema/ids';

import { dataAsOf } from '../facts/data-as-of.ts';
import type { FigureKey } from '../figures/catalogue.ts';
import type { KpiValue } from '../figures/kpi-value.ts';
import { measure } from '../figures/measure.ts';
import type { Period } from '../figures/period.ts';
import { comparedPeriod } from '../figures/period.ts';
import type { Scope } from '../figures/scope.ts';
import type { KpiParent } from '../resolvers/parents.ts';
import type { KpiScopeInput, QueryKpisArgs } from '../resolvers/schema-types.ts';
import { queryBy } from '../storage/query-by.ts';
import type { Viewer } from '../storage/report-queries.ts';
import { subjectExists } from '../storage/subject-queries.ts';
import { checkPeriod } from './check-period.ts';
import { viewerOf } from './viewer.ts';

/** The tiles of a dashboard; each is a field of `KpiSet`. */
export const TILES = [
  'onTime',
  'inFull',
  'otif',
  'firstAttempt',
  'stopsPerHour',
  'costPerStop',
  'costPerKm',
  'dwellP50',
  'dwellP90',
  'planAdherence',
  'utilization',
  'emptyDistance',
  'co2e',
  'co2eIntensity',
  'etaErrorP90',
] as const satisfies readonly FigureKey[];

/** A set of numbers, whose they are and of when. */
export type Tiles = Readonly<Record<(typeof TILES)[number], KpiParent>> & {
  readonly scope: Scope;
  readonly period: Period;
  readonly dataAsOf: Date;
};

/** The figures of a scope that the caller may see, over a period and the one to compare it with. */
export async function measureKpis(
  em: EntityManager,
  identity: Identity,
  { scope: scopeInput, period, compareTo = 'PREVIOUS_PERIOD' }: QueryKpisArgs,
): Promise<Tiles> {
  checkPeriod(period);
  const scope = await scopeOf(em, viewerOf(identity), scopeInput);
  const query = queryBy(em);
  // Read before the numbers: they may hold more than it says, never less.
  const asOf = await dataAsOf(query, scope.organizationId);
  const values = await measure(query, {
    scope,
    present: period,
    previous: comparedPeriod(period, compareTo),
    figures: TILES,
    reading: 'roll-ups',
  });
  return tilesOf(values, { scope, period, dataAsOf: asOf });
}

/** The values of all tiles as a set, each with whose it is and of when. */
export function tilesOf(
  values: readonly KpiValue[],
  about: Pick<Tiles, 'scope' | 'period' | 'dataAsOf'>,
): Tiles {
  const { scope, period } = about;
  const tiles = Object.fromEntries(values.map((value) => [value.key, { ...value, scope, period }]));
  return { ...tiles, ...about } as Tiles;
}

const SCOPES = [
  { argument: 'depotId', by: 'depot' },
  { argument: 'vehicleId', by: 'vehicle' },
  { argument: 'driverId', by: 'driver' },
  { argument: 'partnerId', by: 'partner' },
] as const satisfies readonly { argument: keyof KpiScopeInput; by: IdType }[];

async function scopeOf(em: EntityManager, viewer: Viewer, input: KpiScopeInput): Promise<Scope> {
  const { organizationId, partnerId } = viewer;
  for (const { argument, by } of SCOPES) {
    const given = input[argument];
    if (given === undefined || given === null) continue;
    const id = decodeId(by, given);
    const allowed = id !== null && (partnerId === null || (by === 'partner' && id === partnerId));
    if (!allowed || !(await subjectExists(em, { organizationId, type: by, id }))) {
      throw failure('NOT_FOUND', `There is no such ${by}`, { argumentPath: ['scope', argument] });
    }
    return { organizationId, narrow: { by, id } };
  }
  if (input.organization !== true) {
    throw badInput(['scope', 'organization'], 'Needs true, or another scope');
  }
  // A partner's organization, as far as the partner may see it, is the partner's own part.
  const narrow =
    partnerId === null
      ? { by: 'organization' as const }
      : { by: 'partner' as const, id: partnerId };
  return { organizationId, narrow };
}
