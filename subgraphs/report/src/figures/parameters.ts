import { Ajv } from 'ajv';
import type { ValidateFunction } from 'ajv';

import type { ReportKind } from '../storage/report-entity.ts';
import { REPORT_KINDS } from '../storage/report-entity.ts';
import { kindOf } from './kind.ts';
import type { KindDefinition } from './kind.ts';
import type { EXCEPTION_NAMES } from './lists/exception-list.ts';
import type { ORDER_STATUSES } from './lists/order-list.ts';
import type { Comparison } from './period.ts';

/** What a client may choose about a report, with every default of its kind filled in. */
export type ReportParameters = {
  readonly groupBy: string;
  readonly minimumStops?: number;
  readonly compareTo?: Comparison;
  readonly exceptions?: typeof EXCEPTION_NAMES;
  readonly experimentId?: string;
  readonly statuses?: readonly (typeof ORDER_STATUSES)[number][];
};

export type ParameterProblem = { path: string[]; message: string };

type Audience = { readonly forPartner: boolean };

/** JSON Schema of a kind's parameters, for clients' forms and for our own check. */
export function parametersSchema(kind: ReportKind, audience: Audience): Record<string, unknown> {
  const definition = kindOf(kind);
  const { ownParameters = {}, requiredParameters = [] } = definition;
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    additionalProperties: false,
    properties: {
      groupBy: groupBySchema(definition, audience),
      ...(definition.columns.includes('stops') || definition.defaultMinimumStops !== undefined
        ? { minimumStops: minimumStopsSchema(definition) }
        : {}),
      ...(definition.totals.length > 0 ? { compareTo: COMPARE_TO } : {}),
      ...ownParameters,
    },
    ...(requiredParameters.length > 0 ? { required: requiredParameters } : {}),
  };
}

function groupBySchema({ groupings, defaultGroupBy }: KindDefinition, { forPartner }: Audience) {
  const offered = Object.entries(groupings)
    .filter(([, grouping]) => grouping.forPartners || !forPartner)
    .map(([name]) => name);
  return {
    type: 'string',
    title: 'One row per',
    enum: offered,
    default: offered.includes(defaultGroupBy) ? defaultGroupBy : offered[0],
  };
}

function minimumStopsSchema({ defaultMinimumStops = 0 }: KindDefinition) {
  return {
    type: 'integer',
    title: 'Leave out groups with fewer stops',
    minimum: 0,
    maximum: 1_000_000,
    default: defaultMinimumStops,
  };
}

const COMPARE_TO = {
  type: 'string',
  title: 'Compare totals with',
  enum: ['NONE', 'PREVIOUS_PERIOD', 'SAME_PERIOD_LAST_YEAR'],
  default: 'PREVIOUS_PERIOD',
};

/** The parameters with defaults filled in, or what is wrong with them. */
export function readParameters(
  kind: ReportKind,
  given: Record<string, unknown>,
  audience: Audience,
): { parameters: ReportParameters } | { problems: ParameterProblem[] } {
  const parameters = structuredClone(given);
  const validate = validatorOf(kind, audience);
  if (validate(parameters)) return { parameters };
  const known = Object.keys((validate.schema as { properties: object }).properties);
  return { problems: (validate.errors ?? []).slice(0, 10).map((e) => problemOf(e, known)) };
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

function problemOf(
  error: NonNullable<Validator['errors']>[number],
  known: readonly string[],
): ParameterProblem {
  const path = error.instancePath.split('/').slice(1).map(unescapePointer);
  const { additionalProperty, allowedValues, missingProperty } = error.params as {
    additionalProperty?: string;
    allowedValues?: readonly string[];
    missingProperty?: string;
  };
  if (additionalProperty !== undefined) {
    const message = `There is no such parameter: this kind has ${known.join(', ')}`;
    return { path: [...path, additionalProperty], message };
  }
  if (missingProperty !== undefined) {
    return { path: [...path, missingProperty], message: 'This kind of report needs it' };
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
