import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import type { GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import { authorizeSchema } from './authorization.ts';
import type { AuthorizedContext } from './authorization.ts';
import { badInput } from './failures.ts';

/** Resolvers of a subgraph: types with their fields, scalars, `__resolveReference`. */
export type SubgraphResolvers = Parameters<typeof buildSubgraphSchema>[0] extends infer Input
  ? Input extends readonly (infer Module)[]
    ? Module extends { resolvers?: infer R }
      ? NonNullable<R>
      : never
    : never
  : never;

/** The most representations that one `_entities` call may ask for. */
export const MAX_REPRESENTATIONS = 1_000;

/**
 * An executable federation schema whose fields enforce the authorization directives of `typeDefs`,
 * and whose `_entities` is bounded.
 */
export function createSubgraphSchema({
  typeDefs,
  resolvers,
}: {
  typeDefs: string;
  resolvers: SubgraphResolvers;
}): GraphQLSchema {
  const schema = buildSubgraphSchema([{ typeDefs: parse(typeDefs), resolvers }]);
  boundEntities(schema);
  return authorizeSchema(schema);
}

function boundEntities(schema: GraphQLSchema): void {
  const field = schema.getQueryType()?.getFields()['_entities'];
  if (!field?.resolve) return;
  const resolve: GraphQLFieldResolver<unknown, AuthorizedContext> = field.resolve;
  field.resolve = (source, args: { representations: unknown[] }, context, info) => {
    const count = args.representations.length;
    if (count > MAX_REPRESENTATIONS) {
      throw badInput(['representations'], `At most ${MAX_REPRESENTATIONS}, got ${count}`);
    }
    return resolve(source, args, context, info);
  };
}
