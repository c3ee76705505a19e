import { userError } from '@quantumroute/ops/user-errors';
import { decodeId } from '@quantumroute/schema/ids';
import type { EntityManager } from '@mikro-orm/postgresql';

import type { RouteContext } from '../context.ts';
import { RUN_TRANSITIONS } from '../lifecycles/run-lifecycle.ts';
import type { Plan } from '../storage/entities/plan.ts';
import type { Proposal } from '../storage/entities/proposal.ts';
import { insertOrderEvents } from '../storage/stores/order-event-writes.ts';
import { recordPublishedDay } from '../storage/stores/outcome-writes.ts';
import { lockPlan, markPublished } from '../storage/stores/plan-writes.ts';
import {
  findRunOfPlan,
  insertRoutes,
  insertStops,
  lockOrdersToPublish,
  placeOrders,
  removeReplacedRoutes,
} from '../storage/stores/publication-writes.ts';
import type { PublishableOrder } from '../storage/stores/publication-writes.ts';
import { outcomeOf, refuse } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import { publicationOf } from './publication.ts';
import type { Publication } from './publication.ts';

/** Makes a run's proposal the plan, in one transaction, and gives the plan's id. */
export async function publishPlan(
  { em, scope }: RouteContext,
  input: { planId: string; expectedVersion: number; runId: string },
): Promise<Outcome<string>> {
  return outcomeOf(() =>
    em.transactional(async (tx) => {
      const { organizationId, partnerId } = scope();
      const id = partnerId === null ? decodeId('plan', input.planId) : null;
      const plan = id === null ? null : await lockPlan(tx, { id, organizationId });
      if (plan === null) return refuse(userError.notFound(['planId'], 'plan'));
      if (plan.version !== input.expectedVersion) {
        refuse(userError.versionConflict(['expectedVersion'], plan.version));
      }
      await publish(tx, plan, await runToPublish(tx, plan, input.runId));
      return plan.id;
    }),
  );
}

type RunToPublish = { id: string; proposal: Proposal };

async function runToPublish(tx: EntityManager, plan: Plan, id: string): Promise<RunToPublish> {
  const runId = decodeId('run', id);
  const run = runId === null ? null : await findRunOfPlan(tx, { runId, planId: plan.id });
  if (run === null) return refuse(userError.notFound(['runId'], 'run'));
  if (run.proposal === null) {
    const allowed = RUN_TRANSITIONS[run.status];
    return refuse(userError.illegalTransition(['runId'], run.status, allowed));
  }
  if (run.planVersion !== plan.version) {
    refuse(userError.versionConflict(['runId'], plan.version));
  }
  return { id: run.id, proposal: run.proposal };
}

/** New routes first, then their orders, then the old routes: no order is without a stop in between. */
async function publish(tx: EntityManager, plan: Plan, run: RunToPublish): Promise<void> {
  const { proposal } = run;
  const { organizationId } = plan;
  const ids = proposal.routes
    .flatMap(({ stops }) => stops.flatMap(({ orders }) => orders))
    .concat(proposal.unassigned)
    .map((order) => order.id);
  const orders = await lockOrdersToPublish(tx, { organizationId, ids });
  const current = new Map(orders.map((order) => [order.id, order]));
  const publication = publicationOf(proposal, current);
  await insertRoutes(tx, { planId: plan.id, runId: run.id }, publication.routes);
  await insertStops(tx, publication.stops);
  await placeOrders(tx, publication.placements);
  const keep = [...publication.routes.map((route) => route.id), ...publication.keptRouteIds];
  await removeReplacedRoutes(tx, { planId: plan.id, keep });
  await insertOrderEvents(tx, { organizationId, events: plannedEvents(publication, current) });
  await markPublished(tx, plan.id);
  await recordPublishedDay(tx, plan.id);
}

/** An order that keeps its promise over a new plan has no news for whoever waits for it. */
function plannedEvents(
  { placements }: Publication,
  current: ReadonlyMap<string, PublishableOrder>,
) {
  return placements
    .filter(({ id, stopId, promisedStart }) => {
      const before = current.get(id);
      const promisedMs = promisedStart === null ? null : Date.parse(promisedStart);
      const isNews = before?.status !== 'PLANNED' || before.promisedStartMs !== promisedMs;
      return stopId !== null && isNews;
    })
    .map(({ id }) => ({ orderId: id, type: 'PLANNED' as const }));
}
