import { Kind, isInterfaceType, isObjectType, visit } from 'graphql';
import type {
  DocumentNode,
  FieldNode,
  GraphQLCompositeType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionNode,
  SelectionSetNode,
} from 'graphql';
import { compositeTypeOf, objectTypesOf } from './client-selection.ts';
import type { ClientField, ClientSelection, ClientSelections } from './client-selection.ts';

/** What the planner gets to see of an operation. */
export type PlannedDocument = {
  document: DocumentNode;
  /** The names of variables in it that are not the client's own, and what he calls them. */
  renamedVariables: ReadonlyMap<string, string>;
};

/**
 * Writes an operation anew for the planner, in the simplest form that means the same: internal
 * names, conditions decided, no fragments but on object types. The planner gets several of these
 * wrong: it takes aliases for keys, requires what a condition left out, loses selections of
 * fragments, and has no way from an interface object to another interface. Null when there is
 * nothing to plan.
 */
export function plannedDocument({
  operation,
  selections,
  schema,
}: {
  operation: OperationDefinitionNode;
  selections: ClientSelections;
  schema: GraphQLSchema;
}): PlannedDocument | null {
  const root = selections.root.fields.filter(({ name }) => !name.startsWith('__'));
  if (root.length === 0) return null;
  const selectionSet = selectionSetOf({ ...selections.root, fields: root }, { selections, schema });
  const document: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [{ ...operation, selectionSet }],
  };
  return withFreeVariables(document, operation);
}

type Parts = { selections: ClientSelections; schema: GraphQLSchema };

function selectionSetOf({ type, fields }: ClientSelection, parts: Parts): SelectionSetNode {
  const typeNames = objectTypesOf(parts.schema, type);
  const isForAll = ({ name, types }: ClientField) =>
    types.size === typeNames.length && hasField(type, name);
  const common = fieldNodes(fields.filter(isForAll), type, parts);
  const rest = fields.filter((field) => !isForAll(field));
  const fragments = typeNames.flatMap((typeName): SelectionNode[] => {
    const own = rest.filter(({ types }) => types.has(typeName));
    const objectType = parts.schema.getType(typeName);
    if (own.length === 0 || !isObjectType(objectType)) return [];
    const selections = fieldNodes(own, objectType, parts);
    return [
      {
        kind: Kind.INLINE_FRAGMENT,
        typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: typeName } },
        selectionSet: { kind: Kind.SELECTION_SET, selections },
      },
    ];
  });
  const selected = [...common, ...fragments];
  const selections = selected.length > 0 ? selected : [TYPE_NAME];
  return { kind: Kind.SELECTION_SET, selections };
}

const TYPE_NAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

function hasField(type: GraphQLCompositeType, name: string): boolean {
  if (name === '__typename') return true;
  return (isInterfaceType(type) || isObjectType(type)) && Object.hasOwn(type.getFields(), name);
}

/** Each field once, with all that is selected in it. */
function fieldNodes(
  fields: readonly ClientField[],
  parent: GraphQLCompositeType,
  parts: Parts,
): FieldNode[] {
  const groups = Map.groupBy(fields, ({ internalName }) => internalName);
  return [...groups].flatMap(([internalName, same]) => {
    const [first] = same;
    if (!first) return [];
    const { name, arguments: given = [], directives = [] } = first.node;
    const type = compositeTypeOf(parts.schema, { typeName: parent.name, field: first.name });
    const node: FieldNode = {
      kind: Kind.FIELD,
      name,
      arguments: given,
      directives: directives.filter(({ name: { value } }) => !DECIDED.has(value)),
      ...(internalName === name.value ? {} : { alias: { kind: Kind.NAME, value: internalName } }),
      ...(type ? { selectionSet: selectionSetOf(parts.selections.within(same, type), parts) } : {}),
    };
    return [node];
  });
}

const DECIDED = new Set(['skip', 'include']);

/** A client's variable may have the name that every fetch of entities needs. */
function withFreeVariables(
  document: DocumentNode,
  { variableDefinitions = [] }: OperationDefinitionNode,
): PlannedDocument {
  const names = new Set(variableDefinitions.map(({ variable }) => variable.name.value));
  if (!names.has(TAKEN)) return { document, renamedVariables: new Map() };
  let free = `${TAKEN}_`;
  while (names.has(free)) free += '_';
  const renamed = visit(document, {
    Variable: (node) =>
      node.name.value === TAKEN ? { ...node, name: { ...node.name, value: free } } : undefined,
  });
  return { document: renamed, renamedVariables: new Map([[free, TAKEN]]) };
}

const TAKEN = 'representations';
