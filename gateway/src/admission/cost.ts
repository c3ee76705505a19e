import {
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  isCompositeType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import type {
  GraphQLDirective,
  GraphQLInputType,
  GraphQLNamedType,
  GraphQLOutputType,
  OperationDefinitionNode,
  SelectionSetNode,
} from 'graphql';
import { selectedFields } from './selected-fields.ts';
import type { SelectedField, SelectionScope } from './selected-fields.ts';

/**
 * What an operation costs at most: one for each object that it may answer with, or what `@cost`
 * says, lists counted by `@listSize`, arguments and variables included. A mutation starts at ten.
 */
export function estimateCost(
  operation: OperationDefinitionNode,
  { scope, assumedListSize }: { scope: SelectionScope; assumedListSize: number },
): number {
  const rootType = scope.schema.getRootType(operation.operation);
  if (!rootType) return 0;
  const base = operation.operation === 'mutation' ? MUTATION_COST : 0;
  return base + costOfSelection(rootType, operation.selectionSet, { scope, assumedListSize });
}

const MUTATION_COST = 10;

type CostScope = {
  scope: SelectionScope;
  assumedListSize: number;
  /** Sizes that the field above tells about its lists, by field name. */
  sizes?: ReadonlyMap<string, number>;
};

type ListSize = {
  assumedSize?: number | null;
  slicingArguments?: string[] | null;
  sizedFields?: string[] | null;
};

function costOfSelection(
  parentType: GraphQLNamedType,
  selectionSet: SelectionSetNode,
  around: CostScope,
): number {
  let cost = 0;
  for (const selected of selectedFields(around.scope, parentType, selectionSet)) {
    cost += costOfField(selected, around);
  }
  return cost;
}

function costOfField(
  selected: SelectedField,
  { scope, assumedListSize, sizes }: CostScope,
): number {
  const { field, node } = selected;
  const values = getArgumentValues(field, node, scope.variables);
  const listSize = listSizeOf(selected, scope);
  const told = listSize && sizeTold(listSize, values);
  const named = getNamedType(field.type);
  const many = isList(field.type);
  const weight =
    weightOf(field, scope) ?? weightOf(named, scope) ?? (many || isCompositeType(named) ? 1 : 0);
  const inside = node.selectionSet
    ? costOfSelection(named, node.selectionSet, {
        scope,
        assumedListSize,
        sizes: new Map(
          (listSize?.sizedFields ?? []).map((name) => [name, told ?? assumedListSize]),
        ),
      })
    : 0;
  const own = listSize?.sizedFields?.length ? undefined : told;
  const count = many ? (sizes?.get(field.name) ?? own ?? assumedListSize) : 1;
  return costOfArguments(selected, values, scope) + count * (weight + inside);
}

function listSizeOf({ field }: SelectedField, { schema }: SelectionScope): ListSize | undefined {
  return directiveOn(schema.getDirective('listSize'), field);
}

function sizeTold(
  { slicingArguments, assumedSize }: ListSize,
  values: Readonly<Record<string, unknown>>,
): number | undefined {
  const asked = (slicingArguments ?? [])
    .map((name) => values[name])
    .filter((value) => typeof value === 'number');
  return asked.length > 0 ? Math.max(0, ...asked) : (assumedSize ?? undefined);
}

function costOfArguments(
  { field }: SelectedField,
  values: Readonly<Record<string, unknown>>,
  scope: SelectionScope,
): number {
  let cost = 0;
  for (const argument of field.args) {
    const value = values[argument.name];
    if (value === undefined) continue;
    cost += (weightOf(argument, scope) ?? 0) + costOfInput(argument.type, value, scope);
  }
  return cost;
}

function costOfInput(type: GraphQLInputType, value: unknown, scope: SelectionScope): number {
  if (Array.isArray(value)) {
    return value.reduce<number>((cost, item) => cost + costOfInput(type, item, scope), 0);
  }
  const named = getNamedType(type);
  if (!isInputObjectType(named) || typeof value !== 'object' || value === null) return 0;
  let cost = weightOf(named, scope) ?? 0;
  for (const [name, field] of Object.entries(named.getFields())) {
    const inner = (value as Record<string, unknown>)[name];
    if (inner === undefined) continue;
    cost += (weightOf(field, scope) ?? 0) + costOfInput(field.type, inner, scope);
  }
  return cost;
}

function weightOf(on: Annotated, { schema }: SelectionScope): number | undefined {
  const weight = directiveOn(schema.getDirective('cost'), on)?.['weight'];
  return typeof weight === 'number' ? weight : undefined;
}

type Annotated = { astNode?: Parameters<typeof getDirectiveValues>[1] | null };

// A schema says the same for every request, and reading it takes longer than all the sums.
const known = new WeakMap<GraphQLDirective, WeakMap<object, Record<string, unknown> | null>>();

function directiveOn(
  directive: GraphQLDirective | null | undefined,
  { astNode }: Annotated,
): Record<string, unknown> | undefined {
  if (!directive || !astNode) return undefined;
  const values = known.get(directive) ?? new WeakMap<object, Record<string, unknown> | null>();
  known.set(directive, values);
  if (!values.has(astNode)) values.set(astNode, getDirectiveValues(directive, astNode) ?? null);
  return values.get(astNode) ?? undefined;
}

function isList(type: GraphQLOutputType): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type);
}
