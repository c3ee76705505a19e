import { encodeId } from '@quantumroute/schema/ids';

import type { SubjectType } from '../storage/report-entity.ts';
import type { ResolversUnionTypes } from './schema-types.ts';

type Subject = ResolversUnionTypes<Record<string, unknown>>['ReportSubject'];

/** What a report or a schedule is about, as the entity of the subgraph that owns it. */
export function subjectOf({
  subjectType,
  subjectId,
}: {
  readonly subjectType: SubjectType;
  readonly subjectId: string;
}): Subject {
  const id = encodeId(subjectType, subjectId);
  switch (subjectType) {
    case 'organization':
      return { __typename: 'Organization', id };
    case 'partner':
      return { __typename: 'Partner', id };
    case 'depot':
      return { __typename: 'Depot', id };
  }
}
