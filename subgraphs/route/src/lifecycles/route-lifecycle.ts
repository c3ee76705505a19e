import type { RouteStatus } from '../storage/entities/route.ts';
import type { Transitions } from './lifecycle.ts';

/** The first visit starts a route, the last finished stop completes it; both can be the same visit. */
export const ROUTE_TRANSITIONS: Transitions<RouteStatus> = {
  PLANNED: ['DISPATCHED'],
  DISPATCHED: ['IN_PROGRESS'],
  IN_PROGRESS: ['COMPLETED'],
  COMPLETED: [],
};
