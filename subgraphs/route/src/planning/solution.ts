import type { OrderKind, ServiceWindow } from './problem.ts';
import type { TravelLeg } from './travel/matrix-provider.ts';

/** Seconds are whole and count from the problem's reference instant. */
export type PlanningSolution = {
  readonly algorithm: string;
  readonly seed: number;
  readonly outcome: PlanningOutcome;
  /** Only vehicles that are used, in the problem's order of vehicles. */
  readonly routes: readonly SolutionRoute[];
  /** Highest priority first. */
  readonly unassigned: readonly UnassignedOrder[];
  /** Sum over the routes. */
  readonly metrics: SolutionMetrics;
};

/** `TIME_LIMIT` and `CANCELED` still carry the best valid plan found until then. */
export type PlanningOutcome = 'COMPLETED' | 'TIME_LIMIT' | 'CANCELED';

export type SolutionRoute = {
  readonly vehicleKey: string;
  /** Leaves the depot. */
  readonly startSeconds: number;
  /** Back at the depot. */
  readonly endSeconds: number;
  /** In the order of the visits, at least one. */
  readonly stops: readonly SolutionStop[];
  readonly legToDepot: TravelLeg;
  readonly metrics: SolutionMetrics;
};

/** One visit. Orders of one kind at one address that follow each other share it. */
export type SolutionStop = {
  readonly kind: OrderKind;
  /** In the order in which they are served, at least one. */
  readonly orderKeys: readonly string[];
  /** The requested window that is kept, the same for every order here; null when none was requested. */
  readonly window: ServiceWindow | null;
  readonly legFromPrevious: TravelLeg;
  readonly arrivalSeconds: number;
  /** Between arrival and start of service. */
  readonly waitingSeconds: number;
  readonly serviceStartSeconds: number;
  /** Sum over the orders. */
  readonly serviceSeconds: number;
  readonly departureSeconds: number;
};

export type SolutionMetrics = {
  readonly distanceMeters: number;
  readonly drivingSeconds: number;
  readonly serviceSeconds: number;
  readonly waitingSeconds: number;
  /** Not rounded; in the currency of the vehicles' costs. */
  readonly cost: number;
};

export type UnassignedOrder = {
  readonly orderKey: string;
  /** Most blocking first, each code once; empty only when the run was stopped before its turn came. */
  readonly reasons: readonly UnassignedReason[];
};

export type UnassignedReason = {
  readonly code: UnassignedCode;
  /** A sentence for a dispatcher: what was needed and what there is. */
  readonly message: string;
};

export type UnassignedCode =
  | 'CAPABILITY'
  | 'CAPACITY'
  | 'TIME_WINDOW'
  | 'SHIFT_DURATION'
  | 'NO_VEHICLE';
