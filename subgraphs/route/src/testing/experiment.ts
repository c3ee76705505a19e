import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

import { ALGORITHMS } from '../planning/algorithms.ts';
import type { Organization } from './fleet-stand-in.ts';
import { dispatcher } from './route-world.ts';
import type { Answer, RouteWorld } from './route-world.ts';

const [FIRST, SECOND = FIRST] = ALGORITHMS;

/** Two algorithms with the same weight. */
export const VARIANTS = [
  { key: 'control', algorithm: FIRST, isControl: true },
  { key: 'treatment', algorithm: SECOND },
];

export const EXPERIMENT_CREATE = `mutation ($input: ExperimentCreateInput!) {
  payload: experimentCreate(input: $input) {
    experiment { id version key hypothesis status unit startedAt endedAt depots { id }
      variants { key algorithm weight isControl } }
    userErrors { __typename code message path }
  }
}`;

export function experimentInput(changes: object = {}): Answer {
  return {
    idempotencyKey: randomUUID(),
    key: `test-${randomUUID()}`,
    hypothesis: 'The treatment is cheaper.',
    unit: 'DEPOT_DAY',
    variants: VARIANTS,
    ...changes,
  };
}

/** A draft of the organization. */
export async function createExperiment(
  world: RouteWorld,
  organization: Organization,
  changes: object = {},
): Promise<Answer> {
  const input = experimentInput(changes);
  const { payload } = await world.ask(dispatcher(organization), EXPERIMENT_CREATE, { input });
  assert.deepEqual(payload.userErrors, []);
  return payload.experiment;
}

const STEPS = {
  start: 'experimentStart',
  pause: 'experimentPause',
  conclude: 'experimentConclude',
};

/** The payload of a step of an experiment. */
export async function stepExperiment(
  world: RouteWorld,
  organization: Organization,
  { step, id, version }: { step: keyof typeof STEPS; id: string; version: number },
): Promise<Answer> {
  const { payload } = await world.ask(
    dispatcher(organization),
    `mutation ($id: ID!, $version: Int!) {
      payload: ${STEPS[step]}(id: $id, expectedVersion: $version) {
        experiment { id key version status startedAt endedAt }
        userErrors { __typename code message path ... on VersionConflictError { currentVersion }
          ... on IllegalTransitionError { currentStatus allowed } }
      }
    }`,
    { id, version },
  );
  return payload;
}

/** An experiment of the organization that is RUNNING. */
export async function startExperiment(
  world: RouteWorld,
  organization: Organization,
  changes: object = {},
): Promise<Answer> {
  const { id, version } = await createExperiment(world, organization, changes);
  const payload = await stepExperiment(world, organization, { step: 'start', id, version });
  assert.deepEqual(payload['userErrors'], []);
  return payload['experiment'];
}
