import {
  getDirectiveValues,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import type {
  GraphQLField,
  GraphQLInterfaceType,
  GraphQLNamedType,
  GraphQLObjectType,
  GraphQLSchema,
} from 'graphql';

/** What a caller must have: `scopes` is a list of alternatives, each a list of scopes to have at once. */
export type Requirement = { scopes: readonly (readonly string[])[] };

/** Coordinate (`Type.field`) -> all that selecting the field asks for. Open fields are left out. */
export type Requirements = ReadonlyMap<string, readonly Requirement[]>;

/**
 * Reads `@authenticated` and `@requiresScopes` of a supergraph's full schema. A field asks for what
 * it says itself, what its type says and what the type it stands on says. A field of an interface
 * also asks for what the same field of each implementation asks for, since any of them may answer.
 */
export function readRequirements(schema: GraphQLSchema): Requirements {
  const requirements = new Map<string, readonly Requirement[]>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const found = requirementsOfField(schema, type, field);
      if (found.length > 0) requirements.set(`${type.name}.${field.name}`, found);
    }
  }
  return requirements;
}

/** Whether a caller with these scopes meets the requirement. Being authenticated is asked elsewhere. */
export function isMet({ scopes: alternatives }: Requirement, scopes: ReadonlySet<string>): boolean {
  return alternatives.some((together) => together.every((scope) => scopes.has(scope)));
}

// One alternative that asks for no scope: being someone is enough.
const AUTHENTICATED: Requirement = { scopes: [[]] };

function requirementsOfField(
  schema: GraphQLSchema,
  type: GraphQLObjectType | GraphQLInterfaceType,
  field: GraphQLField<unknown, unknown>,
): Requirement[] {
  const own = [
    ...declared(schema, type),
    ...declared(schema, field),
    ...declared(schema, getNamedType(field.type)),
  ];
  if (!isAbstractType(type)) return own;
  const ofImplementations = schema.getPossibleTypes(type).flatMap((implementation) => {
    const same = implementation.getFields()[field.name];
    return same ? requirementsOfField(schema, implementation, same) : [];
  });
  return [...own, ...ofImplementations];
}

function declared(
  schema: GraphQLSchema,
  on: GraphQLNamedType | GraphQLField<unknown, unknown>,
): Requirement[] {
  const found: Requirement[] = [];
  if (directiveOn(schema, 'authenticated', on)) found.push(AUTHENTICATED);
  const scopes = directiveOn(schema, 'requiresScopes', on)?.['scopes'];
  if (scopes) found.push({ scopes: scopes as string[][] });
  return found;
}

function directiveOn(
  schema: GraphQLSchema,
  name: string,
  { astNode }: GraphQLNamedType | GraphQLField<unknown, unknown>,
): Record<string, unknown> | undefined {
  const directive = schema.getDirective(name);
  return directive && astNode ? getDirectiveValues(directive, astNode) : undefined;
}
