import type { RunStatus } from '@quantumroute/schema/events';

import type { Transitions } from './lifecycle.ts';

/** A queued run fails when the process that held it is gone. */
export const RUN_TRANSITIONS: Transitions<RunStatus> = {
  QUEUED: ['RUNNING', 'FAILED', 'CANCELED'],
  RUNNING: ['SUCCEEDED', 'FAILED', 'CANCELED'],
  SUCCEEDED: [],
  FAILED: [],
  CANCELED: [],
};
