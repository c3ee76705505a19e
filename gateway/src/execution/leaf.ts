import { isEnumType, isScalarType } from 'graphql';
import type { GraphQLLeafType } from 'graphql';
import { toByteText } from '../byte-text.ts';
import type { ByteText } from '../byte-text.ts';
import { INVALID } from './answer-node.ts';

/** What a leaf's text has to be. */
export type LeafKind =
  | { kind: 'Int' | 'Float' | 'String' | 'Boolean' | 'ID' | 'any' }
  | { kind: 'enum'; values: ReadonlySet<string> };

/** Custom scalars may be anything: the subgraph knows. */
export function leafKindOf(type: GraphQLLeafType): LeafKind {
  if (isEnumType(type)) {
    return { kind: 'enum', values: new Set(type.getValues().map(({ name }) => name)) };
  }
  switch (isScalarType(type) ? type.name : '') {
    case 'Int':
      return { kind: 'Int' };
    case 'Float':
      return { kind: 'Float' };
    case 'String':
      return { kind: 'String' };
    case 'Boolean':
      return { kind: 'Boolean' };
    case 'ID':
      return { kind: 'ID' };
    default:
      return { kind: 'any' };
  }
}

/** The JSON text of a leaf that is not null. */
export function leafText(value: unknown, leaf: LeafKind): ByteText | typeof INVALID {
  const text = jsonOf(value, leaf);
  return text === INVALID ? INVALID : toByteText(text);
}

function jsonOf(value: unknown, leaf: LeafKind): string | typeof INVALID {
  switch (leaf.kind) {
    case 'Int':
      return isInt(value) ? String(value) : INVALID;
    case 'Float':
      return Number.isFinite(value) ? String(value) : INVALID;
    case 'String':
      return typeof value === 'string' ? JSON.stringify(value) : INVALID;
    case 'Boolean':
      return typeof value === 'boolean' ? String(value) : INVALID;
    case 'ID':
      if (Number.isInteger(value)) return `"${String(value)}"`;
      return typeof value === 'string' ? JSON.stringify(value) : INVALID;
    case 'enum':
      return typeof value === 'string' && leaf.values.has(value) ? JSON.stringify(value) : INVALID;
    case 'any':
      return JSON.stringify(value);
  }
}

function isInt(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= -(2 ** 31) && (value as number) < 2 ** 31;
}
