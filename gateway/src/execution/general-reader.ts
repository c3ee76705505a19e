import { getNamedType, getNullableType, isAbstractType, isListType, isNonNullType } from 'graphql';
import type { GraphQLOutputType } from 'graphql';
import { INVALID, emptyNode } from './answer-node.ts';
import type { AnswerNode, AnswerValue } from './answer-node.ts';
import type { FetchField, FetchSelection } from './fetch-selection.ts';
import { leafText } from './leaf.ts';

/**
 * Reads an object that a subgraph sent. It takes whatever comes: fields in any order, fields that
 * nobody asked for, values that the schema does not allow.
 */
export function readObject(
  source: Readonly<Record<string, unknown>>,
  selection: FetchSelection,
): AnswerNode {
  const t = typeNameIn(source, selection);
  const node = emptyNode(t);
  for (const field of selection.fields) {
    const { key, slot, types } = field;
    if (slot === null || !Object.hasOwn(source, key)) continue;
    if (types !== null && t !== undefined && !types.has(t)) continue;
    const value = source[key];
    if (value !== undefined && field.type) node[slot] = readValue(value, field.type, field);
  }
  return node;
}

function typeNameIn(
  source: Readonly<Record<string, unknown>>,
  { fields, typeName, isNarrow }: FetchSelection,
): string | undefined {
  for (const { key, slot } of fields) {
    const name = slot === null && Object.hasOwn(source, key) ? source[key] : undefined;
    if (typeof name === 'string') return name;
  }
  return isNarrow && typeName !== null ? typeName : undefined;
}

function readValue(value: unknown, type: GraphQLOutputType, field: FetchField): AnswerValue {
  if (value === null) return null;
  const nullable = getNullableType(type);
  if (isListType(nullable)) {
    const itemType = nullable.ofType;
    if (!Array.isArray(value)) return INVALID;
    const list = value.map((item) => readValue(item, itemType, field));
    return isSoundLeafList(list, itemType, field) ? `[${list.map(String).join(',')}]` : list;
  }
  if (field.leaf) return leafText(value, field.leaf);
  if (!field.selection || typeof value !== 'object' || Array.isArray(value)) return INVALID;
  const source = value as Record<string, unknown>;
  if (isAbstractType(getNamedType(type)) && hidesItsType(source, field.selection)) return INVALID;
  return readObject(source, field.selection);
}

/** Whether it was asked for its type and gives something else instead. */
function hidesItsType(
  source: Readonly<Record<string, unknown>>,
  { fields }: FetchSelection,
): boolean {
  const given = fields.filter(({ key, slot }) => slot === null && Object.hasOwn(source, key));
  return given.some(({ key }) => typeof source[key] !== 'string');
}

/** Such a list is one text: nobody has to look at its items again. */
function isSoundLeafList(
  list: readonly AnswerValue[],
  itemType: GraphQLOutputType,
  { leaf }: FetchField,
): list is string[] {
  if (!leaf) return false;
  const isNullable = !isNonNullType(itemType);
  return list.every((item) => typeof item === 'string' || (isNullable && item === null));
}
