import type { ExperimentStatus } from '../storage/entities/experiment.ts';
import type { Transitions } from './lifecycle.ts';

/** A draft that nobody wants any more is concluded without ever having run. */
export const EXPERIMENT_TRANSITIONS: Transitions<ExperimentStatus> = {
  DRAFT: ['RUNNING', 'CONCLUDED'],
  RUNNING: ['PAUSED', 'CONCLUDED'],
  PAUSED: ['RUNNING', 'CONCLUDED'],
  CONCLUDED: [],
};
