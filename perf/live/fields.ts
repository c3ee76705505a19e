import { readFileSync } from 'node:fs';

/** A subscription of the web client that the bench measures. */
export type Field = {
  readonly name: 'reportUpdated' | 'reportsUpdated';
  /** Its registered operation. */
  readonly operation: string;
  variablesFor(reportId: string): Record<string, unknown>;
};

export type FieldName = Field['name'];

export const FIELDS: readonly Field[] = [
  { name: 'reportUpdated', operation: 'ReportWatch', variablesFor: (id) => ({ id }) },
  { name: 'reportsUpdated', operation: 'ReportsLive', variablesFor: () => ({}) },
];

/** What a client sends to subscribe. */
export function subscriptionOf(field: Field, reportId: string): object {
  return { query: registered(field.operation), variables: field.variablesFor(reportId) };
}

/** The text of an operation of the web client. */
export function registered(operation: string): string {
  const file = `@quantumroute/schema/operations/web/${operation}.graphql`;
  return readFileSync(new URL(import.meta.resolve(file)), 'utf8');
}
