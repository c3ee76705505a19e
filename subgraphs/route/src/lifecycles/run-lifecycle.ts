import type { RunStatus } from '@quantumroute/schema/events';

import type { Transitions } from './lifecycle.ts';

/** A run whose process is gone stays RUNNING until another one takes it over. */
export const RUN_TRANSITIONS: Transitions<RunStatus> = {
  QUEUED: ['RUNNING', 'CANCELED'],
  RUNNING: ['SUCCEEDED', 'FAILED', 'CANCELED'],
  SUCCEEDED: [],
  FAILED: [],
  CANCELED: [],
};
