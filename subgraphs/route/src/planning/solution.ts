import type { ServiceWindow, VisitKind } from './problem.ts';
import type { TravelLeg } from './travel/matrix-provider.ts';

/** Seconds are whole and count from the problem's reference instant. */
export type PlanningSolution = {
  readonly algorithm: string;
  readonly seed: number;
  readonly outcome: PlanningOutcome;
  readonly iterations: number;
  /** Only vehicles that are used, in the problem's order of vehicles. */
  readonly routes: readonly SolutionRoute[];
  /** Highest priority first. */
  readonly unassigned: readonly UnassignedOrder[];
  /** Sum over the routes. */
  readonly metrics: SolutionMetrics;
};

/** `TIME_LIMIT` and `STOPPED` carry the best valid plan found until then. */
export type PlanningOutcome = 'COMPLETED' | 'TIME_LIMIT' | 'STOPPED';

export type SolutionRoute = {
  readonly vehicleKey: string;
  /** Leaves its start place. */
  readonly startSeconds: number;
  /** At its end place, or done with the last visit where it has none. */
  readonly endSeconds: number;
  /** In the order of the visits, at least one of them of kind PICKUP or DELIVERY. */
  readonly stops: readonly SolutionStop[];
  /** null where the vehicle has no end place. */
  readonly legToEnd: TravelLeg | null;
  readonly metrics: SolutionMetrics;
};

/** Orders of one kind at one place that follow each other share a stop. A break or reload has no orders; the leg of a break is 0 unless it is taken on arrival, and then that of the next stop is. */
export type SolutionStop = {
  readonly kind: VisitKind | 'BREAK' | 'RELOAD';
  readonly place: number;
  /** In the order in which they are served; empty for BREAK and RELOAD. */
  readonly orderKeys: readonly string[];
  /** The requested window that is kept (or missed least), the same for every order here; null when none was requested. */
  readonly window: ServiceWindow | null;
  readonly legFromPrevious: TravelLeg;
  readonly arrivalSeconds: number;
  /** After the arrival. 0 when the last visit or reload was at this place already. */
  readonly setupSeconds: number;
  /** Between setup and start of service. */
  readonly waitingSeconds: number;
  readonly serviceStartSeconds: number;
  /** Sum over the orders; the duration of a break or reload. */
  readonly serviceSeconds: number;
  readonly departureSeconds: number;
};

export type SolutionMetrics = {
  readonly distanceMeters: number;
  readonly drivingSeconds: number;
  /** With setup and reloads. */
  readonly serviceSeconds: number;
  readonly waitingSeconds: number;
  readonly breakSeconds: number;
  /** Sum over the orders that are served after their window, each counted from the last second in it. */
  readonly latenessSeconds: number;
  readonly co2eGrams: number;
  /** What the vehicles cost, not rounded, in the currency of their costs. */
  readonly cost: number;
};

export type UnassignedOrder = {
  readonly orderKey: string;
  /** Most blocking first, each code once; never empty in a COMPLETED plan. */
  readonly reasons: readonly UnassignedReason[];
};

export type UnassignedReason = {
  readonly code: UnassignedCode;
  /** A sentence or two for a dispatcher: what was needed and what there is. */
  readonly message: string;
  /** With DISPLACED. */
  readonly displacement?: Displacement;
};

/** The least harmful way to serve an order all the same. */
export type Displacement = {
  readonly vehicleKey: string;
  /** Would be left out instead. */
  readonly orderKeys: readonly string[];
  /** What the plan would cost more by its objectives, or less when negative. */
  readonly costDelta: number;
};

/**
 * DISPLACED: it would fit, but in the place of orders that matter more, or of more of them.
 * LOCKED: the mode or a lock keeps it out.
 */
export type UnassignedCode =
  | 'CAPABILITY'
  | 'CAPACITY'
  | 'TIME_WINDOW'
  | 'SHIFT_DURATION'
  | 'MAX_DISTANCE'
  | 'MAX_DURATION'
  | 'MAX_VISITS'
  | 'LOCKED'
  | 'DISPLACED'
  | 'NO_VEHICLE';
