import type { SubgraphSource } from '../composition.ts';
import { waysInAreGuarded } from './authorization.ts';
import { listsAreBounded } from './bounded-lists.ts';
import { entitiesHaveOneOwner, foreignFieldsAreNullable } from './foreign-entities.ts';
import { subgraphTypes } from './subgraph-types.ts';
import { valueTypesAreIdentical } from './value-types.ts';

const rules = [
  valueTypesAreIdentical,
  entitiesHaveOneOwner,
  foreignFieldsAreNullable,
  listsAreBounded,
  waysInAreGuarded,
];

/** What the conventions of schema/README.md forbid in these subgraphs; one line for each fault. */
export function lint(sources: readonly SubgraphSource[]): string[] {
  const subgraphs = subgraphTypes(sources);
  return rules.flatMap((rule) => rule(subgraphs));
}
