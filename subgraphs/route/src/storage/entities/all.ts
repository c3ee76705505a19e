import { ExperimentEntity } from './experiment.ts';
import { OptimizationRunEntity } from './optimization-run.ts';
import { OrderEventEntity } from './order-event.ts';
import { OrderEntity } from './order.ts';
import { PlanEntity } from './plan.ts';
import { RouteEntity } from './route.ts';
import { StopEntity } from './stop.ts';

/** Every entity of this subgraph, for opening the database. */
export const entities = [
  OrderEntity,
  OrderEventEntity,
  StopEntity,
  RouteEntity,
  PlanEntity,
  OptimizationRunEntity,
  ExperimentEntity,
];
