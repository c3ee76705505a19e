import { jsonScalars, scalars } from '@quantumroute/schema/scalars';
import type { GraphQLSchema } from 'graphql';
import { isScalarType } from 'graphql';

/**
 * Lets validation refuse literals that a subgraph would refuse, such as a day that does not exist:
 * what a subgraph finds wrong with a document counts as a mistake of the gateway. A scalar of another
 * supergraph that only has the name is told by its description, and left as it is.
 */
export function teachScalars(schema: GraphQLSchema): void {
  for (const known of Object.values({ ...scalars, ...jsonScalars })) {
    const declared = schema.getType(known.name);
    if (!isScalarType(declared) || declared.description !== known.description) continue;
    declared.parseLiteral = known.parseLiteral.bind(known);
  }
}
