import {
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  Kind,
  getDirectiveValues,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import type {
  FieldNode,
  FragmentDefinitionNode,
  GraphQLCompositeType,
  GraphQLField,
  GraphQLNamedType,
  GraphQLSchema,
  SelectionNode,
  SelectionSetNode,
} from 'graphql';

/** A field as the operation selects it, fragments opened. */
export type SelectedField = {
  parentType: GraphQLNamedType;
  field: GraphQLField<unknown, unknown>;
  node: FieldNode;
  responseName: string;
};

/** What opening a selection needs to know of the operation around it. */
export type SelectionScope = {
  schema: GraphQLSchema;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  variables: Readonly<Record<string, unknown>>;
};

/**
 * The fields of a valid selection in the order of the document: fragments are opened, what `@skip`
 * and `@include` leave out is left out, and so are the fields of introspection.
 */
export function selectedFields(
  scope: SelectionScope,
  parentType: GraphQLNamedType,
  { selections }: SelectionSetNode,
): SelectedField[] {
  return selections
    .filter((selection) => isIncluded(selection, scope))
    .flatMap((selection) => openSelection(scope, parentType, selection));
}

function openSelection(
  scope: SelectionScope,
  parentType: GraphQLNamedType,
  selection: SelectionNode,
): SelectedField[] {
  if (selection.kind === Kind.FIELD) {
    const field = fieldOf(parentType, selection);
    const responseName = selection.alias?.value ?? selection.name.value;
    return field ? [{ parentType, field, node: selection, responseName }] : [];
  }
  const fragment =
    selection.kind === Kind.INLINE_FRAGMENT ? selection : scope.fragments.get(selection.name.value);
  if (!fragment) return [];
  const condition = fragment.typeCondition?.name.value;
  const type = condition === undefined ? parentType : scope.schema.getType(condition);
  return type ? selectedFields(scope, type, fragment.selectionSet) : [];
}

function fieldOf(
  type: GraphQLNamedType | GraphQLCompositeType,
  { name }: FieldNode,
): GraphQLField<unknown, unknown> | undefined {
  return isObjectType(type) || isInterfaceType(type) ? type.getFields()[name.value] : undefined;
}

function isIncluded(selection: SelectionNode, { variables }: SelectionScope): boolean {
  if (getDirectiveValues(GraphQLSkipDirective, selection, variables)?.['if'] === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, selection, variables)?.['if'] !== false;
}
