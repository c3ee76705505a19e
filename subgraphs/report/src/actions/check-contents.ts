import type { UserError } from '@quantumroute/ops/user-errors';
import { userError } from '@quantumroute/ops/user-errors';
import { parseId } from '@quantumroute/schema/ids';

import type { Presentation } from '../artifacts/presentation.ts';
import { readPresentation } from '../artifacts/presentation.ts';
import { kindOf } from '../figures/kind.ts';
import type { ReportParameters } from '../figures/parameters.ts';
import { kindsFor, readParameters } from '../figures/parameters.ts';
import type { ReportRequestInput } from '../resolvers/schema-types.ts';
import type { ReportFormat, SubjectType } from '../storage/report-entity.ts';
import type { Viewer } from '../storage/report-queries.ts';

/** What a report is to say and how, whoever asks for it: the part that requests and schedules share. */
export type ContentsInput = Pick<
  ReportRequestInput,
  'kind' | 'subjectId' | 'parameters' | 'formats' | 'locale' | 'timeZone' | 'unitSystem'
>;

export type Contents = {
  readonly subject: { readonly type: SubjectType; readonly id: string };
  readonly parameters: ReportParameters;
  readonly formats: readonly ReportFormat[];
  readonly presentation: Presentation;
};

/** All mistakes that need no look-up, at once. */
export function checkContents(
  input: ContentsInput,
  viewer: Viewer,
): { contents: Contents } | { userErrors: UserError[] } {
  const subject = subjectOf(input, viewer);
  const kind = kindErrors(input, viewer);
  const parameters = kind.length > 0 ? { userErrors: kind } : parametersOf(input, viewer);
  const presentation = readPresentation(input);
  const userErrors = [
    ...formatErrors(input),
    ...('userErrors' in presentation ? presentation.userErrors : []),
    ...('userErrors' in parameters ? parameters.userErrors : []),
    ...(subject === null ? [userError.notFound(['input', 'subjectId'], 'depot or partner')] : []),
    ...(subject === null || kind.length > 0 ? [] : subjectErrors(input, subject.type)),
  ];
  if (subject === null || 'userErrors' in parameters || 'userErrors' in presentation) {
    return { userErrors };
  }
  if (userErrors.length > 0) return { userErrors };
  const formats = [...new Set(input.formats ?? DEFAULT_FORMATS)];
  return { contents: { subject, ...parameters, formats, ...presentation } };
}

const DEFAULT_FORMATS: readonly ReportFormat[] = ['CSV'];

/** Callers of a partner always get their own partner, whatever they ask for. */
function subjectOf({ subjectId }: ContentsInput, viewer: Viewer) {
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

function parametersOf({ kind, parameters }: ContentsInput, viewer: Viewer) {
  const read = readParameters(kind, parameters ?? {}, { forPartner: viewer.partnerId !== null });
  if ('parameters' in read) return read;
  const userErrors = read.problems.map(({ path, message }) =>
    userError.invalid(['input', 'parameters', ...path], message),
  );
  return { userErrors };
}

function kindErrors({ kind }: ContentsInput, viewer: Viewer): UserError[] {
  if (kindsFor({ forPartner: viewer.partnerId !== null }).includes(kind)) return [];
  return [userError.invalid(['input', 'kind'], `${kind} is not offered to partners`)];
}

function subjectErrors({ kind }: ContentsInput, type: SubjectType): UserError[] {
  const { subjects } = kindOf(kind);
  if (subjects.includes(type)) return [];
  const message = `${kind} needs one of ${subjects.join(', ')}, got a ${type}`;
  return [userError.invalid(['input', 'subjectId'], message)];
}

function formatErrors({ formats }: ContentsInput): UserError[] {
  if (formats === undefined || formats.length > 0) return [];
  return [userError.invalid(['input', 'formats'], 'At least one format is needed')];
}
