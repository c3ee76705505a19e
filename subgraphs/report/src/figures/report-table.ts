import { factsOf } from './catalogue.ts';
import type { FigureKey } from './catalogue.ts';
import { hasFacts } from './facts.ts';
import type { KindDefinition } from './kind.ts';
import type { ReportParameters } from './parameters.ts';
import type { Period } from './period.ts';
import type { Scope } from './scope.ts';
import { stopListing } from './stop-listing.ts';
import type { Table } from './tabulate.ts';
import { tabulate } from './tabulate.ts';

/** The table of a report: its columns and the one statement that yields its rows. */
export function reportTable(what: {
  kind: KindDefinition;
  parameters: ReportParameters;
  scope: Scope;
  period: Period;
  limit: number;
}): Table {
  const { kind, parameters, scope, period, limit } = what;
  const grouping = kind.groupings[parameters.groupBy];
  if (grouping === undefined) throw new TypeError(`No grouping ${parameters.groupBy} in this kind`);
  if (grouping.rows === 'stops') return stopListing({ scope, period, limit });
  const { minimumStops } = parameters;
  const { columns: figures } = kind;
  return tabulate({ scope, period, dimensions: grouping.by, figures, minimumStops, limit });
}

/** The figures whose facts say something about the scope: a partner has no routes of its own. */
export function countable(figures: readonly FigureKey[], scope: Scope): FigureKey[] {
  return figures.filter((key) => [...factsOf([key])].every((facts) => hasFacts(facts, scope)));
}
