import { userError } from '@quantumroute/ops/user-errors';
import { decodeId, newId } from '@quantumroute/schema/ids';
import type { EntityManager } from '@mikro-orm/postgresql';

import type { RouteContext } from '../context.ts';
import type { ExperimentCreateInput } from '../resolvers/schema-types.ts';
import { depotsOfOrganization } from '../storage/stores/depot-days.ts';
import {
  countOpenExperiments,
  insertExperiment,
  lockExperiments,
} from '../storage/stores/experiment-writes.ts';
import { checkNewExperiment } from './experiment-input.ts';
import type { NewExperimentInput } from './experiment-input.ts';
import { once } from './once.ts';
import { refuse } from './outcome.ts';
import type { Outcome } from './outcome.ts';

const MAX_OPEN = 20;

/** Writes a draft and gives its id. */
export async function createExperiment(
  context: RouteContext,
  input: ExperimentCreateInput,
): Promise<Outcome<string>> {
  const { idempotencyKey, ...body } = input;
  const call = {
    operation: 'experimentCreate',
    key: idempotencyKey,
    keyPath: ['input', 'idempotencyKey'],
    body,
  };
  const checked = checkNewExperiment(body);
  return once(context, call, (tx) => {
    if (checked.kind === 'invalid') return refuse(...checked.userErrors);
    return insertDraft(tx, context, checked.value);
  });
}

async function insertDraft(
  tx: EntityManager,
  { scope }: RouteContext,
  { depotIds, ...input }: NewExperimentInput,
): Promise<string> {
  const { organizationId, partnerId } = scope();
  if (partnerId !== null) refuse(userError.notFound(['input'], 'organization'));
  const depots = await knownDepots(tx, { organizationId, depotIds });
  await lockExperiments(tx, organizationId);
  if ((await countOpenExperiments(tx, organizationId)) >= MAX_OPEN) {
    const message = `At most ${MAX_OPEN} experiments of an organization are not CONCLUDED`;
    refuse(userError.invalid(['input'], message));
  }
  const experiment = { ...input, id: newId(), organizationId, depotIds: depots };
  if (!(await insertExperiment(tx, experiment))) {
    refuse(userError.invalid(['input', 'key'], 'key is taken by another experiment'));
  }
  return experiment.id;
}

/** Their UUIDs, each once. */
async function knownDepots(
  tx: EntityManager,
  { organizationId, depotIds }: { organizationId: string; depotIds: readonly string[] },
): Promise<string[]> {
  const uuids = depotIds.map((id) => decodeId('depot', id));
  const given = uuids.filter((uuid) => uuid !== null);
  const known = await depotsOfOrganization(tx, { organizationId, ids: given });
  const unknown = uuids.flatMap((uuid, index) =>
    uuid !== null && known.has(uuid)
      ? []
      : [userError.notFound(['input', 'depotIds', String(index)], 'depot')],
  );
  if (unknown.length > 0) refuse(...unknown);
  return [...known];
}
