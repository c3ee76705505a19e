import type { EntityManager } from '@mikro-orm/postgresql';

import { RefusedError, userError } from '@quantumroute/ops/user-errors';
import { decodeId } from '@quantumroute/schema/ids';

import type { ReportParameters } from '../figures/parameters.ts';
import { experimentExists, subjectExists } from '../storage/subject-queries.ts';
import type { Contents } from './check-contents.ts';

/** Throws RefusedError unless the organization has all that a report is to be about. */
export async function requireExisting(
  tx: EntityManager,
  organizationId: string,
  { subject: { type, id }, parameters }: Pick<Contents, 'subject' | 'parameters'>,
): Promise<void> {
  if (type !== 'organization' && !(await subjectExists(tx, { organizationId, type, id }))) {
    throw new RefusedError([userError.notFound(['input', 'subjectId'], 'depot or partner')]);
  }
  await requireExperiment(tx, organizationId, parameters);
}

/** Throws RefusedError where the parameters name an experiment that the organization does not have. */
export async function requireExperiment(
  tx: EntityManager,
  organizationId: string,
  { experimentId }: ReportParameters,
): Promise<void> {
  if (experimentId === undefined) return;
  const id = decodeId('experiment', experimentId);
  if (id !== null && (await experimentExists(tx, { organizationId, id }))) return;
  const path = ['input', 'parameters', 'experimentId'];
  throw new RefusedError([userError.notFound(path, 'experiment')]);
}
