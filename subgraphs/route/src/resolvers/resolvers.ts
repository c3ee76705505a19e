import { scalars } from '@quantumroute/schema/scalars';

import { boardEvent } from './board-event.ts';
import { experiment, shadowRun } from './experiment.ts';
import { depot, driver, partner, vehicle } from './fleet-entities.ts';
import { displacement } from './displacement.ts';
import { fitOption } from './fit-option.ts';
import { mutation } from './mutation.ts';
import { optimizationRun, proposedRoute } from './optimization-run.ts';
import { order, trackingEvent } from './order.ts';
import { orderConnection, plan } from './plan.ts';
import { query } from './query.ts';
import { route, routeConnection } from './route.ts';
import type { Resolvers } from './schema-types.ts';
import { slotOffer } from './slot-offer.ts';
import { stop } from './stop.ts';
import { subscription } from './subscription.ts';

export const resolvers: Resolvers = {
  ...scalars,
  Query: query,
  Mutation: mutation,
  Subscription: subscription,
  Order: order,
  TrackingEvent: trackingEvent,
  Stop: stop,
  Route: route,
  RouteConnection: routeConnection,
  Plan: plan,
  OrderConnection: orderConnection,
  OptimizationRun: optimizationRun,
  ProposedRoute: proposedRoute,
  SlotOffer: slotOffer,
  FitOption: fitOption,
  Displacement: displacement,
  BoardEvent: boardEvent,
  Experiment: experiment,
  ShadowRun: shadowRun,
  Depot: depot,
  Partner: partner,
  Driver: driver,
  Vehicle: vehicle,
};
