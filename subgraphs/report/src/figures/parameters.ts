import { Ajv } from 'ajv';
import type { ValidateFunction } from 'ajv';

import type { ReportKind } from '../storage/report-entity.ts';
import { REPORT_KINDS } from '../storage/report-entity.ts';
import { kindOf } from './kind.ts';
import type { Comparison } from './period.ts';

/** What a client may choose about a report, with every default filled in. */
export type ReportParameters = { groupBy: string; minimumStops: number; compareTo: Comparison };

export type ParameterProblem = { path: string[]; message: string };

type Audience = { readonly forPartner: boolean };

/** JSON Schema of a kind's parameters, for clients' forms and for our own check. */
export function parametersSchema(kind: ReportKind, audience: Audience): Record<string, unknown> {
  const { groupings, defaultGroupBy } = kindOf(kind);
  const offered = Object.entries(groupings)
    .filter(([, grouping]) => grouping.forPartners || !audience.forPartner)
    .map(([name]) => name);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    additionalProperties: false,
    properties: {
      groupBy: {
        type: 'string',
        title: 'One row per',
        enum: offered,
        default: defaultGroupBy,
      },
      minimumStops: {
        type: 'integer',
        title: 'Leave out groups with fewer stops',
        minimum: 0,
        maximum: 1_000_000,
        default: 0,
      },
      compareTo: {
        type: 'string',
        title: 'Compare totals with',
        enum: ['NONE', 'PREVIOUS_PERIOD', 'SAME_PERIOD_LAST_YEAR'],
        default: 'PREVIOUS_PERIOD',
      },
    },
  };
}

/** The parameters with defaults filled in, or what is wrong with them. */
export function readParameters(
  kind: ReportKind,
  given: Record<string, unknown>,
  audience: Audience,
): { parameters: ReportParameters } | { problems: ParameterProblem[] } {
  const parameters = structuredClone(given);
  const validate = validatorOf(kind, audience);
  if (validate(parameters)) return { parameters };
  return { problems: (validate.errors ?? []).slice(0, 10).map(problemOf) };
}

type Validator = ValidateFunction<ReportParameters>;

const ajv = new Ajv({ useDefaults: true, allErrors: true });
const validators = new Map<string, Validator>();

/** Compiled at the first use of each of the few schemas. */
function validatorOf(kind: ReportKind, audience: Audience): Validator {
  const key = `${kind} ${audience.forPartner}`;
  const known = validators.get(key);
  if (known !== undefined) return known;
  const validator = ajv.compile<ReportParameters>(parametersSchema(kind, audience));
  validators.set(key, validator);
  return validator;
}

function problemOf(error: NonNullable<Validator['errors']>[number]): ParameterProblem {
  const path = error.instancePath.split('/').slice(1).map(unescapePointer);
  const { additionalProperty, allowedValues } = error.params as {
    additionalProperty?: string;
    allowedValues?: readonly string[];
  };
  if (additionalProperty !== undefined) {
    return { path: [...path, additionalProperty], message: 'There is no such parameter' };
  }
  const allowed = allowedValues === undefined ? '' : `: ${allowedValues.join(', ')}`;
  return { path, message: `The value ${error.message ?? 'is not allowed'}${allowed}` };
}

function unescapePointer(segment: string): string {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** The kinds that an audience may ask for. */
export function kindsFor(audience: Audience): ReportKind[] {
  return REPORT_KINDS.filter((kind) => kindOf(kind).forPartners || !audience.forPartner);
}
