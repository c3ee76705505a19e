import type { UserError } from '@quantumroute/ops/user-errors';
import { userError } from '@quantumroute/ops/user-errors';
import { parseId } from '@quantumroute/schema/ids';
import { isStorableText } from '@quantumroute/schema/text';

import type { ReportParameters } from '../figures/parameters.ts';
import { kindsFor, readParameters } from '../figures/parameters.ts';
import { daysIn } from '../figures/period.ts';
import type { ReportRequestInput } from '../resolvers/schema-types.ts';
import type { ReportFormat, SubjectType } from '../storage/report-entity.ts';
import type { Viewer } from '../storage/report-queries.ts';

const MAX_DAYS = 366;
const MAX_KEY_LENGTH = 200;

export type CheckedRequest = {
  readonly subject: { readonly type: SubjectType; readonly id: string };
  readonly parameters: ReportParameters;
  readonly formats: readonly ReportFormat[];
};

/** What can be said about a request without looking anything up: all its mistakes at once. */
export function checkRequest(
  input: ReportRequestInput,
  viewer: Viewer,
): { checked: CheckedRequest } | { userErrors: UserError[] } {
  const subject = subjectOf(input, viewer);
  const kind = kindErrors(input, viewer);
  const parameters = kind.length > 0 ? { userErrors: kind } : parametersOf(input, viewer);
  const userErrors = [
    ...keyErrors(input),
    ...periodErrors(input),
    ...formatErrors(input),
    ...('userErrors' in parameters ? parameters.userErrors : []),
    ...(subject === null ? [userError.notFound(['input', 'subjectId'], 'depot or partner')] : []),
  ];
  if (userErrors.length > 0 || subject === null || 'userErrors' in parameters) {
    return { userErrors };
  }
  const formats = [...new Set(input.formats ?? DEFAULT_FORMATS)];
  return { checked: { subject, parameters: parameters.parameters, formats } };
}

const DEFAULT_FORMATS: readonly ReportFormat[] = ['CSV'];

/** Callers of a partner always get their own partner, whatever they ask for. */
function subjectOf({ subjectId }: ReportRequestInput, viewer: Viewer) {
  if (viewer.partnerId !== null) return { type: 'partner', id: viewer.partnerId } as const;
  if (subjectId === null || subjectId === undefined) {
    return { type: 'organization', id: viewer.organizationId } as const;
  }
  const parsed = parseId(subjectId);
  if (parsed === null) return null;
  const { type, uuid: id } = parsed;
  if (type === 'depot' || type === 'partner') return { type, id } as const;
  return type === 'organization' && id === viewer.organizationId ? ({ type, id } as const) : null;
}

function parametersOf({ kind, parameters }: ReportRequestInput, viewer: Viewer) {
  const read = readParameters(kind, parameters ?? {}, { forPartner: viewer.partnerId !== null });
  if ('parameters' in read) return read;
  const userErrors = read.problems.map(({ path, message }) =>
    userError.invalid(['input', 'parameters', ...path], message),
  );
  return { userErrors };
}

function keyErrors({ idempotencyKey: key }: ReportRequestInput): UserError[] {
  const usable =
    key.length >= 1 && key.length <= MAX_KEY_LENGTH && isStorableText(key) && !/\p{Cc}/u.test(key);
  const message = `A key needs 1 to ${MAX_KEY_LENGTH} printable characters`;
  return usable ? [] : [userError.invalid(['input', 'idempotencyKey'], message)];
}

function kindErrors({ kind }: ReportRequestInput, viewer: Viewer): UserError[] {
  if (kindsFor({ forPartner: viewer.partnerId !== null }).includes(kind)) return [];
  return [userError.invalid(['input', 'kind'], `${kind} is not offered to partners`)];
}

function periodErrors({ period }: ReportRequestInput): UserError[] {
  const days = daysIn(period);
  if (days < 1) {
    return [userError.invalid(['input', 'period', 'to'], 'The period ends before it starts')];
  }
  if (days <= MAX_DAYS) return [];
  const message = `A report covers at most ${MAX_DAYS} days, got ${days}`;
  return [userError.invalid(['input', 'period', 'to'], message)];
}

function formatErrors({ formats }: ReportRequestInput): UserError[] {
  if (formats === undefined || formats.length > 0) return [];
  return [userError.invalid(['input', 'formats'], 'At least one format is needed')];
}
