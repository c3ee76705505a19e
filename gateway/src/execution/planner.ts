import { Supergraph, operationFromDocument } from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import type { QueryPlan } from '@apollo/query-planner';
import { buildASTSchema, isInputObjectType, parse, print } from 'graphql';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { chainRepair } from './required-chains.ts';
import { withoutRequiredArguments } from './required-arguments.ts';
import { joinsIn } from './joins.ts';
import { resolvableKeysFirst } from './resolvable-keys.ts';
import { restoreArguments } from './restore-arguments.ts';
import type { Schemas } from './schemas.ts';

/** Plans operations over one supergraph. */
export type Planner = {
  schemas: Schemas;
  /** The document has one valid operation. Takes milliseconds, tens of them while nothing is warm. */
  plan(document: DocumentNode): QueryPlan;
};

/**
 * The planner of `@apollo/gateway`, from the packages that it is made of: so that a plan can be had
 * without a request, and before a supergraph takes over (see decision 23).
 */
export function createPlanner(supergraphSdl: string): Planner {
  const sdl = parse(supergraphSdl, { noLocation: true });
  const whole = Supergraph.build(supergraphSdl);
  const schemas = {
    api: whole.apiSchema().toGraphQLJSSchema(),
    // With the directives of composition, which the planner's own schema has not as syntax.
    supergraph: buildASTSchema(sdl, { assumeValidSDL: true, assumeValid: true }),
    joins: joinsIn(sdl),
  };
  const ordered = resolvableKeysFirst(sdl);
  const required = withoutRequiredArguments(schemas.supergraph, ordered);
  const repairChains = chainRepair(schemas.supergraph, required.document);
  // Building takes a third of all this.
  const isSame = required.fields.size === 0 && ordered === sdl;
  const supergraph = isSame ? whole : Supergraph.build(print(required.document));
  // Putting fragments of the client's into fetches loses selections; and there are none any more.
  const planner = new QueryPlanner(supergraph, { reuseQueryFragments: false });
  const api = supergraph.apiSchema();
  teachOneOf(schemas.api, schemas.supergraph);
  return {
    schemas,
    plan: (document) =>
      restoreArguments(
        repairChains(planner.buildQueryPlan(operationFromDocument(api, document))),
        required,
      ),
  };
}

/** `@oneOf` is not carried into the schema for clients, though validation depends on it. */
export function teachOneOf(api: GraphQLSchema, supergraph: GraphQLSchema): void {
  for (const type of Object.values(supergraph.getTypeMap())) {
    const shown = isInputObjectType(type) && type.isOneOf ? api.getType(type.name) : undefined;
    if (isInputObjectType(shown)) shown.isOneOf = true;
  }
}
