import { optimizePlan } from '../actions/plan-optimize.ts';
import { publishPlan } from '../actions/plan-publish.ts';
import { cancelOrder } from '../actions/order-cancel.ts';
import { updateOrder } from '../actions/order-update.ts';
import { createOrders } from '../actions/orders-create.ts';
import type { Outcome } from '../actions/outcome.ts';
import { dispatchRoutes } from '../actions/routes-dispatch.ts';
import { cancelRun, finishRun } from '../actions/run-end.ts';
import { RUN_DEFAULTS } from '../actions/run-input.ts';
import { arriveAtStop } from '../actions/stop-arrive.ts';
import { completeStop } from '../actions/stop-complete.ts';
import { correctStop } from '../actions/stop-correct.ts';
import { failStop } from '../actions/stop-fail.ts';
import type { RouteContext } from '../context.ts';
import { experimentMutations } from './experiment.ts';
import type { MutationResolvers } from './schema-types.ts';
import { telling } from './telling.ts';

export const mutation: MutationResolvers = telling<MutationResolvers>({
  async ordersCreate(_parent, { input }, context) {
    const outcome = await createOrders(context, input);
    context.forgetLoaded();
    if (outcome.kind === 'refused') return { orders: [], userErrors: [...outcome.userErrors] };
    const { orderIds, userErrors } = outcome.value;
    const load = async (id: string | null) =>
      id === null ? null : context.loaders.orders.load(id);
    return { orders: await Promise.all(orderIds.map(load)), userErrors };
  },
  orderUpdate: async (_parent, { id, expectedVersion, input }, context) =>
    orderPayload(await updateOrder(context, { id, expectedVersion, input }), context),
  orderCancel: async (_parent, { id, expectedVersion, reason = null }, context) =>
    orderPayload(await cancelOrder(context, { id, expectedVersion, reason }), context),
  async planOptimize(_parent, { input }, context) {
    const outcome = await optimizePlan(context, { ...RUN_DEFAULTS, ...input });
    if (outcome.kind === 'refused') {
      return { run: null, scope: null, userErrors: [...outcome.userErrors] };
    }
    const { runId, scope } = outcome.value;
    const run = runId === null ? null : await context.loaders.runs.load(runId);
    return { run, scope, userErrors: [] };
  },
  optimizationRunCancel: async (_parent, { id }, context) =>
    runPayload(await cancelRun(context, { id }), context),
  optimizationRunFinish: async (_parent, { id }, context) =>
    runPayload(await finishRun(context, { id }), context),
  async planPublish(_parent, { planId, expectedVersion, runId }, context) {
    const outcome = await publishPlan(context, { planId, expectedVersion, runId });
    context.forgetLoaded();
    if (outcome.kind === 'refused') return { plan: null, userErrors: [...outcome.userErrors] };
    return { plan: await context.loaders.plans.load(outcome.value), userErrors: [] };
  },
  async routesDispatch(_parent, { ids, idempotencyKey }, context) {
    const outcome = await dispatchRoutes(context, { ids, idempotencyKey });
    context.forgetLoaded();
    if (outcome.kind === 'refused') return { routes: [], userErrors: [...outcome.userErrors] };
    const routes = await Promise.all(outcome.value.map((id) => context.loaders.routes.load(id)));
    return { routes: routes.filter((route) => route !== null), userErrors: [] };
  },
  ...experimentMutations,
  stopArrive: async (_parent, { id, input }, context) =>
    stopPayload(await arriveAtStop(context, { id, input }), context),
  stopComplete: async (_parent, { id, input }, context) =>
    stopPayload(await completeStop(context, { id, input }), context),
  stopFail: async (_parent, { id, input }, context) =>
    stopPayload(await failStop(context, { id, input }), context),
  stopCorrect: async (_parent, { id, expectedVersion, input }, context) =>
    stopPayload(await correctStop(context, { id, expectedVersion, input }), context),
});

async function orderPayload(outcome: Outcome<string>, context: RouteContext) {
  context.forgetLoaded();
  if (outcome.kind === 'refused') return { order: null, userErrors: [...outcome.userErrors] };
  return { order: await context.loaders.orders.load(outcome.value), userErrors: [] };
}

async function runPayload(outcome: Outcome<string>, context: RouteContext) {
  context.forgetLoaded();
  if (outcome.kind === 'refused') return { run: null, userErrors: [...outcome.userErrors] };
  return { run: await context.loaders.runs.load(outcome.value), userErrors: [] };
}

async function stopPayload(
  outcome: Outcome<{ stopId: string; routeId: string }>,
  context: RouteContext,
) {
  context.forgetLoaded();
  if (outcome.kind === 'refused') {
    return { stop: null, route: null, userErrors: [...outcome.userErrors] };
  }
  const { stopId, routeId } = outcome.value;
  const [stop, route] = await Promise.all([
    context.loaders.stops.load(stopId),
    context.loaders.routes.load(routeId),
  ]);
  return { stop, route, userErrors: [] };
}
