import { getNamedType, isAbstractType, isInterfaceType, isObjectType } from 'graphql';
import type { GraphQLField, GraphQLSchema } from 'graphql';
import type { Joins } from './joins.ts';

/** What clients see, what the subgraphs have together, and what each of them has of it. */
export type Schemas = { api: GraphQLSchema; supergraph: GraphQLSchema; joins: Joins };

/**
 * The names that an object of this type may have as its `__typename` on the way: its own too, since
 * a subgraph with an interface object knows an interface as if it were an object.
 */
export function typeNamesOf({ supergraph }: Schemas, name: string): ReadonlySet<string> {
  const type = supergraph.getType(name);
  const objects = isAbstractType(type) ? supergraph.getPossibleTypes(type) : [];
  return new Set([name, ...objects.map((object) => object.name)]);
}

/** A field, as clients see it; as the supergraph has it where clients see nothing. */
export function fieldOf(
  { api, supergraph }: Schemas,
  { typeName, field }: { typeName: string; field: string },
): GraphQLField<unknown, unknown> {
  for (const schema of [api, supergraph]) {
    const type = schema.getType(typeName);
    const definition =
      isObjectType(type) || isInterfaceType(type) ? type.getFields()[field] : undefined;
    if (definition) return definition;
  }
  throw new Error(`The supergraph has no field ${typeName}.${field}`);
}

/** The type of a field's objects in one subgraph, which may be narrower than in the supergraph. */
export function typeNameIn(
  schemas: Schemas,
  { typeName, field, subgraph }: { typeName: string; field: string; subgraph: string },
): string {
  const own = schemas.joins.typeOf(`${typeName}.${field}`, subgraph);
  return own ?? getNamedType(fieldOf(schemas, { typeName, field }).type).name;
}

/** Whether a name is an interface or a union: not yet the type of an object. */
export function isAbstractName({ supergraph }: Schemas, name: string): boolean {
  return isAbstractType(supergraph.getType(name));
}
