import { MapperKind, getDirective, mapSchema } from '@graphql-tools/utils';
import { defaultFieldResolver, getNamedType, isObjectType } from 'graphql';
import type {
  GraphQLFieldConfig,
  GraphQLFieldResolver,
  GraphQLNamedType,
  GraphQLSchema,
} from 'graphql';
import { failure } from './failures.ts';
import type { Identity } from './identity.ts';

/** What a field demands: a caller with a name, and every scope of at least one of the lists. */
export type Requirement = { authenticated: boolean; scopes: string[][] };

/** The least that a context carries for authorization. */
export type AuthorizedContext = { identity: Identity };

/**
 * A schema whose fields enforce `@authenticated` and `@requiresScopes`, written on the field, on its
 * parent type or on the type it returns. A refused field answers UNAUTHENTICATED or FORBIDDEN.
 */
export function authorizeSchema(schema: GraphQLSchema): GraphQLSchema {
  const requirements = requirementsOf(schema);
  return mapSchema(schema, {
    [MapperKind.OBJECT_FIELD]: (config, fieldName, typeName) => {
      const requirement = requirements.get(`${typeName}.${fieldName}`);
      return requirement ? guarded(config, requirement) : config;
    },
  });
}

/** The requirements of all fields that have any, by `Type.field`. */
export function requirementsOf(schema: GraphQLSchema): Map<string, Requirement> {
  const requirements = new Map<string, Requirement>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const parts = [type, field, getNamedType(field.type)].map((node) => demanded(schema, node));
      const requirement = parts.reduce(both);
      if (requirement.authenticated) requirements.set(`${type.name}.${field.name}`, requirement);
    }
  }
  return requirements;
}

/** Throws what a caller is told who does not meet `requirement`. */
export function demand(requirement: Requirement, identity: Identity): void {
  if (identity.kind === 'anonymous') {
    throw failure('UNAUTHENTICATED', 'A valid token or API key is needed');
  }
  const { scopes } = requirement;
  const met = scopes.some((needed) => needed.every((scope) => identity.scopes.includes(scope)));
  if (scopes.length > 0 && !met) {
    const ways = scopes.map((needed) => needed.join(' and ')).join(', or ');
    throw failure('FORBIDDEN', `This needs the scope ${ways}`);
  }
}

type DirectiveOwner = Parameters<typeof getDirective>[1] | GraphQLNamedType;

function demanded(schema: GraphQLSchema, owner: DirectiveOwner): Requirement {
  const authenticated = getDirective(schema, owner, 'authenticated') !== undefined;
  const lists = (getDirective(schema, owner, 'requiresScopes') ?? []).map(
    (directive) => directive['scopes'] as string[][],
  );
  const scopes = lists.reduce(allPairs, []);
  return { authenticated: authenticated || scopes.length > 0, scopes };
}

function both(one: Requirement, other: Requirement): Requirement {
  return {
    authenticated: one.authenticated || other.authenticated,
    scopes: allPairs(one.scopes, other.scopes),
  };
}

/** "One of these and one of those" as one list of alternatives. */
function allPairs(these: string[][], those: string[][]): string[][] {
  if (these.length === 0) return those;
  if (those.length === 0) return these;
  return these.flatMap((one) => those.map((other) => [...new Set([...one, ...other])]));
}

function guarded<C extends AuthorizedContext>(
  config: GraphQLFieldConfig<unknown, C>,
  requirement: Requirement,
): GraphQLFieldConfig<unknown, C> {
  const guard =
    (resolver: GraphQLFieldResolver<unknown, C>): GraphQLFieldResolver<unknown, C> =>
    (source, args, context, info) => {
      demand(requirement, context.identity);
      return resolver(source, args, context, info);
    };
  return {
    ...config,
    resolve: guard(config.resolve ?? defaultFieldResolver),
    ...(config.subscribe ? { subscribe: guard(config.subscribe) } : {}),
  };
}
