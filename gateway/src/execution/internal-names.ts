import { Kind, isInterfaceType, isObjectType } from 'graphql';
import type { DirectiveNode, FieldNode, GraphQLSchema } from 'graphql';
import { argumentsText } from './arguments-text.ts';

/** Gives a field the response key that it has between planner, subgraphs and answer. */
export type InternalNames = (field: FieldNode) => string;

/**
 * The planner never sees what the client calls a field: it would take `{ id: name }` for the key
 * `id`, and what he asks for with arguments for what a subgraph requires without. So a field has its
 * own name, or one that is equal wherever the client gives it the same name and arguments. Two
 * aliases are two fields: a mutation is to happen twice, and each null bubbles on its own.
 */
export function internalNames(schema: GraphQLSchema): () => InternalNames {
  const prefix = unusedPrefix(schema);
  const required = requiredNames(schema);
  return () => {
    const numbers = new Map<string, number>();
    const first = new Map<string, string>();
    return ({ name: { value: name }, alias, arguments: given = [] }) => {
      const key = alias?.value ?? name;
      const identity = `${name} ${key} ${argumentsText(given)}`;
      if (required.has(name)) {
        const isPlain = key === name && given.length === 0 && required.get(name) === 'plain';
        if (isPlain) return name;
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

/** Such that no field of the schema could be taken for an internal name. */
function unusedPrefix(schema: GraphQLSchema): string {
  const names = Object.values(schema.getTypeMap()).flatMap((type) =>
    isObjectType(type) || isInterfaceType(type) ? Object.keys(type.getFields()) : [],
  );
  let prefix = 'q';
  while (names.some((name) => name.startsWith(prefix) && /^\d+_/.test(name.slice(prefix.length)))) {
    prefix += 'q';
  }
  return prefix;
}

/** Every name in a key or in what a subgraph requires or provides; and which of them take arguments. */
function requiredNames(schema: GraphQLSchema): ReadonlyMap<string, 'plain' | 'with arguments'> {
  const names = new Set<string>();
  const withArguments = new Set<string>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    const fields = Object.values(type.getFields());
    for (const { name, args } of fields) if (args.length > 0) withArguments.add(name);
    const nodes = [type.astNode, ...fields.map(({ astNode }) => astNode)];
    for (const text of nodes.flatMap((node) => (node?.directives ?? []).flatMap(fieldSetsOf))) {
      for (const [name] of text.matchAll(/\w+/g)) names.add(name);
    }
  }
  return new Map(
    [...names].map((name) => [name, withArguments.has(name) ? 'with arguments' : 'plain']),
  );
}

const FIELD_SETS = new Set(['key', 'requires', 'provides']);

function fieldSetsOf({ arguments: given = [] }: DirectiveNode): string[] {
  return given.flatMap(({ name, value }) =>
    FIELD_SETS.has(name.value) && value.kind === Kind.STRING ? [value.value] : [],
  );
}
