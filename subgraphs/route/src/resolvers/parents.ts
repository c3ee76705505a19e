import type { Experiment, ExperimentVariant } from '../storage/entities/experiment.ts';
import type { OptimizationRun } from '../storage/entities/optimization-run.ts';
import type { OrderEvent } from '../storage/entities/order-event.ts';
import type { Order } from '../storage/entities/order.ts';
import type { Plan } from '../storage/entities/plan.ts';
import type { Displacement, ProposalRoute } from '../storage/entities/proposal.ts';
import type { Route } from '../storage/entities/route.ts';
import type { Stop } from '../storage/entities/stop.ts';
import type { ShadowRun } from '../storage/stores/shadow-queries.ts';
import type { BoardEvent } from '../live/board-events.ts';
import type { ShownFitOption } from '../present/fit-options-of-order.ts';
import type { ShownOffer } from '../slots/find-offers.ts';
import type { LivePosition } from '../timing/live-eta.ts';

export type OrderParent = Order;
export type TrackingEventParent = OrderEvent;
export type StopParent = Stop;
export type RouteParent = Route;
export type PlanParent = Plan;
export type OptimizationRunParent = OptimizationRun;
export type ProposedRouteParent = ProposalRoute & { currency: string };

export type ExperimentParent = Experiment;
export type ShadowRunParent = ShadowRun & { variant: ExperimentVariant };

export type SlotOfferParent = ShownOffer;
export type FitOptionParent = ShownFitOption;
export type DisplacementParent = Displacement;

export type BoardEventParent = BoardEvent;

export type DepotParent = { depotId: string };
export type PartnerParent = { partnerId: string };

/** The name is there where a route provides it. */
export type DriverParent = { driverId: string; displayName?: string };

/** Name and plate are there where a route provides them, the position where the gateway sends it. */
export type VehicleParent = {
  vehicleId: string;
  displayName?: string;
  registrationPlate?: string;
  position?: LivePosition | null;
};

/** `countUpTo(limit)` looks at no more than `limit` rows, and only when the count is asked for. */
type ConnectionParent<Node> = {
  nodes: Node[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
  countUpTo(limit: number): Promise<number>;
};

export type OrderConnectionParent = ConnectionParent<Order>;
export type RouteConnectionParent = ConnectionParent<Route>;
