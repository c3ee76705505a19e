import type { StopStatus } from '../storage/entities/stop.ts';
import type { Transitions } from './lifecycle.ts';

/** A stop can fail without an arrival (the vehicle broke down), but it cannot be completed without one. */
export const STOP_TRANSITIONS: Transitions<StopStatus> = {
  PENDING: ['ARRIVED', 'FAILED'],
  ARRIVED: ['COMPLETED', 'FAILED'],
  COMPLETED: [],
  FAILED: [],
};
