import {
  Kind,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import type {
  DocumentNode,
  FieldNode,
  GraphQLCompositeType,
  GraphQLSchema,
  SelectionSetNode,
  GraphQLObjectType,
} from 'graphql';
import { isIncluded } from './conditions.ts';
import type { Conditions } from './conditions.ts';
import type { InternalNames } from './internal-names.ts';
import { inBoth } from './name-sets.ts';

/** One field as the client wrote it, with the object types in which it counts. */
export type ClientField = {
  key: string;
  name: string;
  /** The key that it has between planner, subgraphs and answer. */
  internalName: string;
  types: ReadonlySet<string>;
  node: FieldNode;
};

/** What the client selects at one place of the answer: fragments opened, conditions decided. */
export type ClientSelection = {
  /** Equal for equal selections of the operation. */
  id: number;
  type: GraphQLCompositeType;
  fields: readonly ClientField[];
};

/** The selections of one operation. */
export type ClientSelections = {
  root: ClientSelection;
  /** What is selected in a field that was written in these places; without a type, of any type. */
  within(fields: readonly ClientField[], type: GraphQLCompositeType): ClientSelection;
};

/** Opens an operation's selections, one level at a time. */
export function clientSelections({
  schema,
  document,
  selectionSet,
  rootType,
  conditions,
  names,
}: {
  schema: GraphQLSchema;
  document: DocumentNode;
  selectionSet: SelectionSetNode;
  rootType: GraphQLObjectType;
  conditions: Conditions;
  names: InternalNames;
}): ClientSelections {
  const known = new Map<string, ClientSelection>();
  const numbers = new Map<SelectionSetNode, number>();
  const numberOf = (node: SelectionSetNode): number => {
    const number = numbers.get(node) ?? numbers.size;
    numbers.set(node, number);
    return number;
  };
  const select = (nodes: readonly SelectionSetNode[], type: GraphQLCompositeType) => {
    const key = `${type.name} ${nodes.map(numberOf).join(' ')}`;
    const selection = known.get(key) ?? {
      id: known.size,
      type,
      fields: fieldsOf(nodes, { schema, document, type, conditions, names }),
    };
    known.set(key, selection);
    return selection;
  };
  return {
    root: select([selectionSet], rootType),
    within(fields, type) {
      const nodes = fields.flatMap(({ node }) => (node.selectionSet ? [node.selectionSet] : []));
      return select([...new Set(nodes)], type);
    },
  };
}

/** The type of a field's objects; null for a leaf. */
export function compositeTypeOf(
  schema: GraphQLSchema,
  { typeName, field }: { typeName: string; field: string },
): GraphQLCompositeType | null {
  const parent = schema.getType(typeName);
  if (!isObjectType(parent) && !isInterfaceType(parent)) return null;
  const type = getNamedType(parent.getFields()[field]?.type);
  return isCompositeType(type) ? type : null;
}

/** The object types that a value of this type may have. */
export function objectTypesOf(schema: GraphQLSchema, type: GraphQLCompositeType): string[] {
  if (!isAbstractType(type)) return [type.name];
  return schema.getPossibleTypes(type).map(({ name }) => name);
}

function fieldsOf(
  nodes: readonly SelectionSetNode[],
  {
    schema,
    document,
    type,
    conditions,
    names,
  }: {
    schema: GraphQLSchema;
    document: DocumentNode;
    type: GraphQLCompositeType;
    conditions: Conditions;
    names: InternalNames;
  },
): ClientField[] {
  const fields: ClientField[] = [];
  const collect = (node: SelectionSetNode, types: ReadonlySet<string>): void => {
    for (const selection of node.selections) {
      if (!isIncluded(selection, conditions)) continue;
      if (selection.kind === Kind.FIELD) {
        fields.push(clientField(selection, types, names));
        continue;
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : spread(selection);
      const condition = fragment.typeCondition?.name.value;
      const inner = condition === undefined ? types : narrowed(types, condition);
      if (inner.size > 0) collect(fragment.selectionSet, inner);
    }
  };
  const spread = ({ name }: { name: { value: string } }) => {
    const fragment = document.definitions.find(
      (definition) =>
        definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name.value,
    );
    if (fragment?.kind !== Kind.FRAGMENT_DEFINITION) throw new Error('A fragment is not there');
    return fragment;
  };
  const narrowed = (types: ReadonlySet<string>, condition: string): ReadonlySet<string> => {
    const conditionType = schema.getType(condition);
    if (!isCompositeType(conditionType)) return new Set();
    return inBoth(types, new Set(objectTypesOf(schema, conditionType)));
  };
  const all = new Set(objectTypesOf(schema, type));
  for (const node of nodes) collect(node, all);
  return fields;
}

function clientField(
  node: FieldNode,
  types: ReadonlySet<string>,
  names: InternalNames,
): ClientField {
  return {
    key: node.alias?.value ?? node.name.value,
    name: node.name.value,
    internalName: names(node),
    types,
    node,
  };
}
