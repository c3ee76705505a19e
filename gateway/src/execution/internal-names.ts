import { Kind, isInterfaceType, isObjectType } from 'graphql';
import type { DirectiveNode, FieldNode, GraphQLSchema } from 'graphql';
import { argumentsText } from './arguments-text.ts';

/** Gives a field the response key that it has between planner, subgraphs and answer. */
export type InternalNames = (field: FieldNode) => string;

/**
 * The planner never sees what the client calls a field: it would take `{ id: name }` for the key
 * `id`, and mix up fields that are asked for with different arguments. So a field has its own name
 * in the plan. Where it is there again under another response key or with other arguments, that is
 * another field, and has another name: each is resolved, and fails, on its own. What subgraphs
 * require may be fetched beside the client's fields, with arguments of its own.
 */
export function internalNames(schema: GraphQLSchema): () => InternalNames {
  const prefix = unusedPrefix(schema, 'q');
  const required = requiredNames(schema);
  const withArguments = namesWithArguments(schema);
  return () => {
    const numbers = new Map<string, number>();
    const first = new Map<string, string>();
    return ({ name: { value: name }, alias, arguments: given = [] }) => {
      const identity = `${alias?.value ?? name}:${name} ${argumentsText(given)}`;
      if (required.has(name)) {
        // Whatever is required by this name has no arguments either, and may be shared.
        if (alias === undefined && !withArguments.has(name)) return name;
      } else {
        if (!first.has(name)) first.set(name, identity);
        if (first.get(name) === identity) return name;
      }
      const number = numbers.get(identity) ?? numbers.size;
      numbers.set(identity, number);
      return `${prefix}${number}_${name}`;
    };
  };
}

/** Some of a letter, such that no field of the schema could be taken for a name that begins so. */
export function unusedPrefix(schema: GraphQLSchema, letter: string): string {
  const names = Object.values(schema.getTypeMap()).flatMap((type) =>
    isObjectType(type) || isInterfaceType(type) ? Object.keys(type.getFields()) : [],
  );
  let prefix = letter;
  while (names.some((name) => name.startsWith(prefix) && /^\d+_/.test(name.slice(prefix.length)))) {
    prefix += letter;
  }
  return prefix;
}

/** Every field of some type that takes arguments. */
function namesWithArguments(schema: GraphQLSchema): ReadonlySet<string> {
  const fields = Object.values(schema.getTypeMap()).flatMap((type) =>
    isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [],
  );
  return new Set(fields.filter(({ args }) => args.length > 0).map(({ name }) => name));
}

/** Every name in a key or in what a subgraph requires or provides. */
function requiredNames(schema: GraphQLSchema): ReadonlySet<string> {
  const names = new Set<string>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    const nodes = [type.astNode, ...Object.values(type.getFields()).map(({ astNode }) => astNode)];
    for (const text of nodes.flatMap((node) => (node?.directives ?? []).flatMap(fieldSetsOf))) {
      for (const [name] of text.matchAll(/\w+/g)) names.add(name);
    }
  }
  return names;
}

const FIELD_SETS = new Set(['key', 'requires', 'provides']);

function fieldSetsOf({ arguments: given = [] }: DirectiveNode): string[] {
  return given.flatMap(({ name, value }) =>
    FIELD_SETS.has(name.value) && value.kind === Kind.STRING ? [value.value] : [],
  );
}
