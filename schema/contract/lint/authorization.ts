import { foreignEntities, isKey } from './foreign-entities.ts';
import { directiveOf, fieldsOf } from './subgraph-types.ts';
import type { LintRule } from './subgraph-types.ts';

const rootTypes = new Set(['Query', 'Mutation', 'Subscription']);

// The public tracking page: its token is the permission.
const publicFields = new Set(['Query.track', 'Subscription.orderTracking']);

/**
 * Whatever opens a way to a tenant's data says who may take it: each root field, and each field
 * that a subgraph contributes to another's entity.
 */
export const waysInAreGuarded: LintRule = (subgraphs) =>
  subgraphs.flatMap((subgraph) => {
    const foreign = new Set(foreignEntities(subgraph));
    return [...fieldsOf(subgraph)]
      .filter(({ type, field }) => {
        const contributed =
          foreign.has(type) &&
          !isKey(type, field.name.value) &&
          directiveOf(field, 'external') === undefined;
        return rootTypes.has(type.name.value) || contributed;
      })
      .filter(
        ({ type, field }) =>
          !publicFields.has(`${type.name.value}.${field.name.value}`) &&
          !['authenticated', 'requiresScopes', 'inaccessible'].some((name) =>
            directiveOf(field, name),
          ),
      )
      .map(({ at }) => `${at}: needs @authenticated or @requiresScopes`);
  });
