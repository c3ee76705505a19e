import type { DepotDay } from './depot-day.ts';

/** What the story reads of the answers, by registered operation; one with user errors never gets here. */
export type Answers = {
  DepotList: { depots: { nodes: (Omit<DepotDay, 'date'> & { code: string; timeZone: string })[] } };
  OrdersUnassigned: { orders: { count: { value: number; precision: string } } };
  PartnerCreateOrders: {
    ordersCreate: {
      orders: ({ id: string; trackingNumber: string; status: string } | null)[];
    };
  };
  Optimize: { planOptimize: { run: { id: string } } };
  OptimizeProgress: { optimizationRun: Run };
  Publish: {
    planPublish: { plan: { version: number; routes: { nodes: unknown[] } } };
  };
  Dispatch: { routesDispatch: object };
  BoardOpen: {
    plan: { routes: { nodes: { id: string; progress: { totalStops: number } }[] } } | null;
  };
  BoardRouteDetail: { route: { id: string } | null };
  DriverDay: {
    me: { routeOn: { id: string; status: string; stops: { nodes: Stop[] } } | null } | null;
  };
  DriverArrive: { stopArrive: StopPayload };
  DriverComplete: { stopComplete: StopPayload };
  DriverFail: { stopFail: StopPayload };
  ReportRequest: { reportRequest: { report: { id: string; status: string } } };
  ReportWatch: { reportUpdated: { status: string; progress: { phase: string; ratio: number } } };
  ReportResult: {
    report: {
      totals: { key: string; value: number | null; unit: string }[];
      artifacts: { format: string; url: string; rowCount: number }[];
    };
  };
};

/** An optimization run with what it proposes. */
export type Run = {
  id: string;
  status: string;
  progress: { elapsedSeconds: number; assigned: number; unassigned: number };
  proposal: { metrics: { distanceMeters: number } } | null;
  plan: { id: string; version: number };
};

/** A visit of the driver's day. */
export type Stop = { id: string; sequence: number; status: string };

type StopPayload = { stop: { status: string } };
