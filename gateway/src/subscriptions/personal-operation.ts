import {
  TypeInfo,
  getNamedType,
  isInputObjectType,
  isListType,
  isNonNullType,
  typeFromAST,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type {
  ASTNode,
  DocumentNode,
  GraphQLInputType,
  GraphQLSchema,
  VariableDefinitionNode,
} from 'graphql';
import { isTagged } from '../supergraph/tag.ts';
import type { Definition } from '../supergraph/tag.ts';

/** Whether what an operation answers depends on who asks, beyond organization and rights. */
export type IsPersonal = (
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
) => boolean;

/**
 * Finds out by what the schema says: fields, arguments and input fields that depend on the caller's
 * own name carry `@tag(name: "subject")`.
 */
export function createIsPersonal(schema: GraphQLSchema): IsPersonal {
  return (document, variables) => {
    const types = new TypeInfo(schema);
    let isPersonal = false;
    const enter = (node: ASTNode): void => {
      if (node.kind === 'Field') isPersonal ||= isOfSubject(schema, types.getFieldDef()?.astNode);
      if (node.kind === 'Argument')
        isPersonal ||= isOfSubject(schema, types.getArgument()?.astNode);
      if (node.kind === 'ObjectField') isPersonal ||= isTaggedField(schema, types, node.name.value);
      if (node.kind === 'VariableDefinition') {
        isPersonal ||= isGiven(schema, variableType(schema, node), variables[nameOf(node)]);
      }
    };
    visit(document, visitWithTypeInfo(types, { enter }));
    return isPersonal;
  };
}

const TAG = 'subject';

function isOfSubject(schema: GraphQLSchema, definition: Definition): boolean {
  return isTagged(schema, definition, TAG);
}

function isTaggedField(schema: GraphQLSchema, types: TypeInfo, name: string): boolean {
  const parent = getNamedType(types.getParentInputType() ?? undefined);
  return isInputObjectType(parent) && isOfSubject(schema, parent.getFields()[name]?.astNode);
}

function nameOf({ variable }: VariableDefinitionNode): string {
  return variable.name.value;
}

function variableType(
  schema: GraphQLSchema,
  { type }: VariableDefinitionNode,
): GraphQLInputType | undefined {
  return typeFromAST(schema, type as never) as GraphQLInputType | undefined;
}

/** Whether a tagged input field is given somewhere in a value. */
function isGiven(
  schema: GraphQLSchema,
  type: GraphQLInputType | undefined,
  value: unknown,
): boolean {
  if (value === null || value === undefined || !type) return false;
  if (isNonNullType(type)) return isGiven(schema, type.ofType, value);
  if (isListType(type)) {
    const items = Array.isArray(value) ? value : [value];
    return items.some((item) => isGiven(schema, type.ofType, item));
  }
  if (!isInputObjectType(type) || typeof value !== 'object') return false;
  return Object.values(type.getFields()).some((field) => {
    const given = (value as Record<string, unknown>)[field.name];
    if (given === undefined) return false;
    return isOfSubject(schema, field.astNode) || isGiven(schema, field.type, given);
  });
}
