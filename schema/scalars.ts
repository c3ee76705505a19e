import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import type { ValueNode } from 'graphql';
import {
  GraphQLCurrency,
  GraphQLDateTimeISO,
  GraphQLJSONObject,
  GraphQLLocalDate,
  GraphQLSafeInt,
} from 'graphql-scalars';
import { checkJson } from './json-limits.ts';

const EARLIEST_INSTANT = Date.parse('0001-01-01T00:00:00Z');
const LATEST_INSTANT = Date.parse('9999-12-31T23:59:59.999Z');

/** `DateTime`: RFC 3339 in, a `Date` inside, RFC 3339 in UTC with milliseconds out; years 1 to 9999. */
const DateTime = new GraphQLScalarType<Date, string>({
  ...GraphQLDateTimeISO.toConfig(),
  name: 'DateTime',
  description: 'RFC 3339 instant in UTC.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  parseValue: (value) => instant(GraphQLDateTimeISO.parseValue(value)),
  parseLiteral: (node) => instant(GraphQLDateTimeISO.parseLiteral(node, undefined)),
});

/** `LocalDate`: a day that exists in the calendar, `YYYY-MM-DD`, years 1 to 9999. */
const LocalDate = new GraphQLScalarType<string, string>({
  ...GraphQLLocalDate.toConfig(),
  description: 'ISO 8601 calendar date without a zone.',
  parseValue: (value) => calendarDay(GraphQLLocalDate.parseValue(value)),
  parseLiteral: (node) => calendarDay(GraphQLLocalDate.parseLiteral(node, undefined)),
});

/** `Currency`: an ISO 4217 code in upper case. */
const Currency = new GraphQLScalarType<string, string>({
  ...GraphQLCurrency.toConfig(),
  description: 'ISO 4217 currency code.',
  parseValue: (value) => upperCase(GraphQLCurrency.parseValue(value)),
  parseLiteral: (node) => upperCase(GraphQLCurrency.parseLiteral(node, undefined)),
});

/** `URL`: an absolute http or https URL, a string on both sides. */
const URLScalar = new GraphQLScalarType<string, string>({
  name: 'URL',
  description: 'Absolute http(s) URL.',
  serialize: httpUrl,
  parseValue: httpUrl,
  parseLiteral: (node: ValueNode) => httpUrl(node.kind === Kind.STRING ? node.value : undefined),
});

/** `SafeInt`: an integer that JavaScript holds exactly. */
const SafeInt = new GraphQLScalarType({
  ...GraphQLSafeInt.toConfig(),
  description: 'Integer up to 2^53 - 1, sent as a JSON number.',
});

/** `JSONObject`: input is bounded (see `checkJson`); output is ours and passes as it is. */
const JSONObject = new GraphQLScalarType<object, object>({
  ...GraphQLJSONObject.toConfig(),
  description: 'A JSON object.',
  parseValue: (value) => checkJson(GraphQLJSONObject.parseValue(value)),
  parseLiteral: (node, variables) => checkJson(GraphQLJSONObject.parseLiteral(node, variables)),
});

/**
 * Resolvers of the scalars that every subgraph declares. `JSONObject` is apart, because only report
 * has it: `buildSubgraphSchema` refuses a resolver of a type that the schema lacks.
 */
export const scalars = { DateTime, LocalDate, Currency, SafeInt, URL: URLScalar };

/** The resolver of `JSONObject`, for the subgraphs that declare it. */
export const jsonScalars = { JSONObject };

function instant(date: Date): Date {
  const milliseconds = date.getTime();
  if (milliseconds >= EARLIEST_INSTANT && milliseconds <= LATEST_INSTANT) return date;
  throw new GraphQLError(`DateTime needs a year from 1 to 9999, got ${date.toISOString()}`);
}

function calendarDay(day: string): string {
  if (day >= '0001-01-01') return day;
  throw new GraphQLError(`LocalDate needs a year from 1 to 9999, got ${day}`);
}

function upperCase(code: string): string {
  if (code === code.toUpperCase()) return code;
  throw new GraphQLError(`Currency needs an ISO 4217 code in upper case, got ${code}`);
}

function httpUrl(value: unknown): string {
  const text = value instanceof URL ? value.href : value;
  const url = typeof text === 'string' ? URL.parse(text) : null;
  if (url !== null && /^https?:$/.test(url.protocol)) return url.href;
  throw new GraphQLError('URL needs an absolute http or https URL');
}
