import {
  GraphQLEnumType,
  GraphQLInputObjectType,
  GraphQLList,
  GraphQLNonNull,
  Kind,
  isRequiredInputField,
} from 'graphql';
import type {
  ConstValueNode,
  GraphQLInputField,
  GraphQLInputType,
  NameNode,
  ObjectValueNode,
  ValueNode,
} from 'graphql';
import { LONE_SURROGATES, TREACHEROUS_TEXTS } from './names.ts';
import type { Tape } from './tape.ts';

/** Makes the variable of a place, or nothing when a literal shall stand there. */
export type VariableMaker = (type: GraphQLInputType, hasDefault: boolean) => ValueNode | undefined;

/** A literal of the type, with variables inside of it where `variable` makes some. */
export function literalOf(
  type: GraphQLInputType,
  { tape, variable, depth = 0 }: { tape: Tape; variable?: VariableMaker; depth?: number },
): ValueNode {
  const inner = { tape, ...(variable ? { variable } : {}), depth: depth + 1 };
  if (type instanceof GraphQLNonNull) return notNull(type.ofType, inner);
  if (tape.chance(8)) return { kind: Kind.NULL };
  return notNull(type, inner);
}

/** The same as a constant: no variables. */
export function constantOf(type: GraphQLInputType, tape: Tape): ConstValueNode {
  return literalOf(type, { tape }) as ConstValueNode;
}

/** What a client sends as JSON for a literal. Texts may hold what no document can. */
export function jsonOf(value: ValueNode, tape: Tape): unknown {
  switch (value.kind) {
    case Kind.INT:
    case Kind.FLOAT:
      return Number(value.value);
    case Kind.STRING:
      return tape.chance(10) ? tape.pick(LONE_SURROGATES) : value.value;
    case Kind.ENUM:
    case Kind.BOOLEAN:
      return value.value;
    case Kind.LIST:
      return value.values.map((item) => jsonOf(item, tape));
    case Kind.OBJECT:
      return Object.fromEntries(
        value.fields.map((field) => [field.name.value, jsonOf(field.value, tape)]),
      );
    case Kind.NULL:
    case Kind.VARIABLE:
      return null;
  }
}

type Inner = { tape: Tape; variable?: VariableMaker; depth: number };

function notNull(type: GraphQLInputType, inner: Inner): ValueNode {
  const { tape, depth } = inner;
  if (type instanceof GraphQLNonNull) return notNull(type.ofType, inner);
  if (type instanceof GraphQLList) {
    // One value stands for a list of it. A variable in it would have to be the list.
    if (tape.chance(10)) return notNull(type.ofType, { tape, depth });
    const length = depth > 4 ? 0 : tape.next(4);
    const item = () => childOf(type.ofType, inner);
    return { kind: Kind.LIST, values: Array.from({ length }, item) };
  }
  if (type instanceof GraphQLInputObjectType) return objectOf(type, inner);
  if (type instanceof GraphQLEnumType) {
    return { kind: Kind.ENUM, value: tape.pick(type.getValues())?.name ?? '' };
  }
  return scalarOf(type.name, tape);
}

function childOf(type: GraphQLInputType, inner: Inner): ValueNode {
  return inner.variable?.(type, false) ?? literalOf(type, inner);
}

function objectOf(type: GraphQLInputObjectType, inner: Inner): ObjectValueNode {
  const { tape, depth } = inner;
  const fields = Object.values(type.getFields());
  // Of a @oneOf object exactly one field, which is not null.
  const chosen = type.isOneOf ? [tape.pick(fields)] : fields.filter((it) => isGiven(it, inner));
  return {
    kind: Kind.OBJECT,
    fields: chosen.flatMap((field: GraphQLInputField | undefined) => {
      if (!field) return [];
      const value = type.isOneOf
        ? notNull(field.type, { tape, depth })
        : childOf(field.type, inner);
      return [{ kind: Kind.OBJECT_FIELD, name: nameNode(field.name), value }];
    }),
  };
}

function isGiven(field: GraphQLInputField, { tape, depth }: Inner): boolean {
  return isRequiredInputField(field) || (depth < 4 && tape.chance(40));
}

function scalarOf(name: string, tape: Tape): ValueNode {
  switch (name) {
    case 'Int':
      return {
        kind: Kind.INT,
        value: tape.pick(['0', '1', '2', '-7', '2147483647', '-2147483648']),
      };
    case 'Float':
      return {
        kind: Kind.FLOAT,
        value: tape.pick(['0.5', '1e3', '-1.25E-2', '123456789.125', '3']),
      };
    case 'Boolean':
      return { kind: Kind.BOOLEAN, value: tape.chance(50) };
    case 'ID':
      return { kind: Kind.STRING, value: tape.pick(IDS) };
    case 'String':
      return { kind: Kind.STRING, value: tape.pick(TREACHEROUS_TEXTS), block: false };
    default:
      return jsonLiteral(tape, 0);
  }
}

// What the harbour's records are called, and what nothing is called.
const IDS = ['p1', 'c1', 'b1', 'p2', 'u3', 'u1', 'n1', 'n2', 'p4', 'c4', 'nobody', '"'] as const;

function jsonLiteral(tape: Tape, depth: number): ValueNode {
  const roll = tape.next(depth > 2 ? 4 : 6);
  if (roll === 0) return { kind: Kind.STRING, value: tape.pick(TREACHEROUS_TEXTS) };
  if (roll === 1) return { kind: Kind.INT, value: '42' };
  if (roll === 2 && depth > 0) return { kind: Kind.NULL };
  if (roll === 3) return { kind: Kind.BOOLEAN, value: true };
  const length = tape.next(3);
  const values = Array.from({ length }, () => jsonLiteral(tape, depth + 1));
  if (roll === 4) return { kind: Kind.LIST, values };
  const names = ['a', 'constructor', 'b'];
  const fields = values.map((value, index) => ({
    kind: Kind.OBJECT_FIELD as const,
    name: nameNode(names[index] ?? 'c'),
    value,
  }));
  return { kind: Kind.OBJECT, fields };
}

function nameNode(value: string): NameNode {
  return { kind: Kind.NAME, value };
}
