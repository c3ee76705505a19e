import type { DepotDay } from './depot-day.ts';

/** What the story reads of the answers, by registered operation; one with user errors never gets here. */
export type Answers = {
  DepotList: { depots: { nodes: (Omit<DepotDay, 'date'> & { code: string })[] } };
  OrdersUnassigned: { orders: { count: { value: number; precision: string } } };
  PartnerCreateOrders: {
    ordersCreate: {
      orders: ({ id: string; trackingNumber: string; status: string } | null)[];
    };
  };
  Optimize: {
    planOptimize: {
      run: { id: string };
      scope: { orders: number; vehicles: number; presentRoutes: number };
    };
  };
  OptimizeWatch: { optimizationRunUpdated: WatchedRun };
  OptimizeProgress: { optimizationRun: Run };
  OptimizeShadows: { optimizationRun: ShadowedRun };
  ExperimentList: { experiments: (Experiment & { depots: ({ id: string } | null)[] })[] };
  ExperimentCreate: { experimentCreate: { experiment: Experiment } };
  ExperimentStart: { experimentStart: { experiment: Pick<Experiment, 'status'> } };
  Publish: {
    planPublish: { plan: { version: number; routes: { nodes: unknown[] } } };
  };
  Dispatch: { routesDispatch: object };
  BoardOpen: {
    plan: {
      routes: { nodes: { id: string; progress: { totalStops: number } }[] };
      unassigned: { nodes: LeftOut[] };
    } | null;
  };
  BoardRouteDetail: { route: { id: string } | null };
  BoardLive: { boardUpdated: { change: BoardChange | null } };
  LiveFleet: {
    vehiclePositions: { vehicles: { id: string; position: { point: Point } | null }[] };
  };
  DriverDay: {
    me: {
      currentVehicle: { id: string } | null;
      routeOn: { id: string; status: string; stops: { nodes: Stop[] } } | null;
    } | null;
  };
  DriverPositions: { positionsIngest: { accepted: number } };
  DriverArrive: { stopArrive: StopPayload };
  DriverComplete: { stopComplete: StopPayload };
  DriverFail: { stopFail: StopPayload };
  ReportRequest: {
    reportRequest: {
      reused: boolean;
      report: { id: string; status: string; progress: { queuePosition: number | null } };
    };
  };
  ReportWatch: { reportUpdated: WatchedReport };
  ReportResult: { report: ReportResult };
  OnTimeEvidence: {
    kpis: {
      restatedDays: string[];
      onTime: {
        value: number | null;
        numerator: number;
        denominator: number;
        evidence: { nodes: (EvidenceStop | null)[] };
      };
    };
  };
  StopCorrect: { stopCorrect: { stop: { punctuality: string } } };
};

/** An optimization run on its way. */
export type WatchedRun = {
  status: string;
  failure: string | null;
  progress: {
    elapsedSeconds: number;
    bestCost: number | null;
    assigned: number;
    unassigned: number;
    improvements: { elapsedSeconds: number; cost: number }[];
  };
};

/** An optimization run with what it proposes. */
export type Run = {
  id: string;
  status: string;
  diff: PlanDiff | null;
  proposal: { metrics: { distanceMeters: number } } | null;
  plan: { id: string; version: number };
};

/** A comparison of algorithms. */
export type Experiment = { id: string; key: string; version: number; status: string };

/** A finished run, and what other algorithms made of its problem. */
export type ShadowedRun = {
  algorithm: string;
  proposal: {
    unassignedCount: number;
    metrics: { distanceMeters: number; cost: Money };
  };
  shadows: {
    variant: { algorithm: string };
    status: string;
    figures: { cost: Money; distanceMeters: number; unassigned: number } | null;
    failure: string | null;
  }[];
};

type Money = { amount: string; currency: string };

/** What publishing a run's proposal would change. */
export type PlanDiff = {
  movedStops: number;
  resequencedStops: number;
  brokenPromises: number;
  worstEtaShiftSeconds: number;
  newlyUnassigned: number;
  newlyAssigned: number;
  costDelta: { amount: string; currency: string } | null;
  distanceDeltaMeters: number;
};

/** An order that no route serves. */
export type LeftOut = {
  trackingNumber: string;
  unassignedReasons: { code: string; message: string }[];
};

/** A visit of the driver's day. */
export type Stop = { id: string; sequence: number; status: string; place: { point: Point } };

export type Point = { latitude: number; longitude: number };

/** What has become of something on the board. */
export type BoardChange =
  | { __typename: 'Stop'; id: string; sequence: number; stopStatus: string }
  | {
      __typename: 'Route';
      id: string;
      routeStatus: string;
      progress: { completedStops: number; failedStops: number; totalStops: number };
    }
  | { __typename: 'Order' | 'OptimizationRun'; id: string };

type StopPayload = { stop: { status: string } };

/** A report on its way. */
export type WatchedReport = {
  status: string;
  progress: {
    phase: string;
    ratio: number;
    rowsRead: number;
    queuePosition: number | null;
    remainingSeconds: number | null;
  };
  failure: { code: string; message: string } | null;
};

/** What came of a report: its numbers, the first rows, and a link for each file. */
export type ReportResult = {
  totals: Total[];
  rows: { nodes: Record<string, string | number | null>[] } | null;
  artifacts: { format: string; url: string; byteSize: number }[];
};

/** One number of a report. */
export type Total = { key: string; value: number | null; unit: string; definition: string };

/** A stop behind a number. */
export type EvidenceStop = {
  id: string;
  version: number;
  sequence: number;
  status: string;
  punctuality: string;
  window: { start: string; end: string } | null;
  actual: { arrival: string | null; departure: string | null } | null;
};
