import type { EntityManager } from '@mikro-orm/postgresql';

import type { PlanFigures } from '../../experiments/figures.ts';
import type { Proposal } from '../entities/proposal.ts';
import { sqlRecords } from '../sql.ts';

const COLUMNS = `experiment_id, variant_key, depot_id, service_date, organization_id, unit,
  is_control, algorithm, is_driven, is_whole_day, plan_id, run_id, cost, currency, distance_meters,
  duration_seconds, driving_seconds, vehicle_count, assigned_count, unassigned_count,
  compute_seconds`;

/**
 * What the plan of a depot-day is made of now: a row for each variant of a DEPOT_DAY experiment that
 * planned routes of it, in the place of the rows that there were. Concluded experiments keep theirs.
 */
export async function recordPublishedDay(em: EntityManager, planId: string): Promise<void> {
  await em.execute(
    `delete from route.experiment_outcomes outcome
     using route.plans plan, route.experiments experiment
     where plan.id = ? and outcome.organization_id = plan.organization_id
       and outcome.service_date = plan.service_date and outcome.depot_id = plan.depot_id
       and experiment.id = outcome.experiment_id and experiment.unit = 'DEPOT_DAY'
       and experiment.status <> 'CONCLUDED'`,
    [planId],
  );
  await em.execute(`${OF_PUBLISHED_DAY} on conflict do nothing`, [planId]);
}

/** A variant planned the whole day when no route of it comes from elsewhere. */
const OF_PUBLISHED_DAY = `
  with of_variant as (
    select run.experiment_id, run.variant_key, max(run.id::text)::uuid as run_id,
      sum(route.cost) as cost, max(route.currency) as currency,
      sum(route.distance_meters) as distance_meters,
      sum(extract(epoch from route.planned_end - route.planned_start)) as duration_seconds,
      sum(route.driving_seconds) as driving_seconds,
      count(distinct route.vehicle_id) as vehicle_count, count(*) as routes,
      array_agg(route.id) as route_ids, array_agg(distinct run.id) as run_ids, route.plan_id
    from route.routes route
    join route.optimization_runs run on run.id = route.run_id
    where route.plan_id = ? and run.experiment_id is not null
    group by route.plan_id, run.experiment_id, run.variant_key
  )
  insert into route.experiment_outcomes (${COLUMNS})
  select experiment.id, of_variant.variant_key, plan.depot_id, plan.service_date,
    plan.organization_id, experiment.unit, (variant ->> 'isControl')::boolean,
    variant ->> 'algorithm', true,
    of_variant.routes = (select count(*) from route.routes where plan_id = plan.id),
    plan.id, of_variant.run_id, of_variant.cost, of_variant.currency, distance_meters,
    duration_seconds::int, driving_seconds, vehicle_count,
    (select count(*) from route.stops stop join route.orders o on o.stop_id = stop.id
     where stop.route_id = any (of_variant.route_ids)),
    (select count(*) from route.orders o
     where o.depot_id = plan.depot_id and o.service_date = plan.service_date
       and o.organization_id = plan.organization_id and o.status = 'ACCEPTED'),
    (select sum(elapsed_seconds) from route.optimization_runs
     where id = any (of_variant.run_ids))
  from of_variant
  join route.plans plan on plan.id = of_variant.plan_id
  join route.experiments experiment on experiment.id = of_variant.experiment_id
    and experiment.unit = 'DEPOT_DAY' and experiment.status <> 'CONCLUDED'
  cross join lateral jsonb_array_elements(experiment.variants) variant
  where variant ->> 'key' = of_variant.variant_key`;

export type ShadowedRun = { proposal: Proposal; computeSeconds: number };

/** The run that a shadow is about, with what it proposed. */
export async function shadowedRun(em: EntityManager, runId: string): Promise<ShadowedRun | null> {
  const [run]: ShadowedRun[] = await em.execute(
    `select proposal, elapsed_seconds as "computeSeconds" from route.optimization_runs
     where id = ? and proposal is not null`,
    [runId],
  );
  return run ?? null;
}

export type ShadowPair = { shadowId: string; control: PlanFigures; shadow: PlanFigures };

/**
 * Writes what the control and one shadow made of the same problem. The latest run of a day counts:
 * rows of earlier runs go, and a shadow of an earlier run writes nothing.
 */
export async function recordShadowPair(
  em: EntityManager,
  { shadowId, control, shadow }: ShadowPair,
): Promise<void> {
  await em.execute(
    `delete from route.experiment_outcomes outcome
     using route.shadow_runs shadow, route.optimization_runs run
     where shadow.id = ? and run.id = shadow.run_id
       and outcome.experiment_id = shadow.experiment_id and outcome.plan_id = run.plan_id
       and outcome.run_id < run.id`,
    [shadowId],
  );
  const figures = [
    { ...control, isDriven: true },
    { ...shadow, isDriven: false },
  ];
  await em.execute(`${OF_SHADOW_PAIR} on conflict do nothing`, [sqlRecords(figures), shadowId]);
}

const OF_SHADOW_PAIR = `
  insert into route.experiment_outcomes (${COLUMNS})
  select experiment.id, variant ->> 'key', plan.depot_id, plan.service_date, plan.organization_id,
    experiment.unit, (variant ->> 'isControl')::boolean, variant ->> 'algorithm',
    figures."isDriven", true, plan.id, run.id, figures.cost, figures.currency,
    figures."distanceMeters", figures."durationSeconds", figures."drivingSeconds",
    figures.vehicles, figures.assigned, figures.unassigned, figures."computeSeconds"
  from route.shadow_runs shadow
  join route.optimization_runs run on run.id = shadow.run_id
  join route.plans plan on plan.id = run.plan_id
  join route.experiments experiment on experiment.id = shadow.experiment_id
    and experiment.status <> 'CONCLUDED'
  cross join jsonb_to_recordset(?::jsonb) as figures (
    cost numeric, currency text, "distanceMeters" int, "durationSeconds" int,
    "drivingSeconds" int, vehicles int, assigned int, unassigned int, "computeSeconds" float8,
    "isDriven" boolean)
  cross join lateral jsonb_array_elements(experiment.variants) variant
  where shadow.id = ?
    and variant ->> 'key' = case when figures."isDriven" then run.variant_key else shadow.variant_key end
    and not exists (
      select 1 from route.experiment_outcomes later
      where later.experiment_id = experiment.id and later.plan_id = plan.id
        and later.run_id > run.id)`;
