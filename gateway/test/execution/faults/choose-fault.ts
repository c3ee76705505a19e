import {
  getNamedType,
  getNullableType,
  isAbstractType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { GraphQLOutputType, GraphQLSchema } from 'graphql';
import type { Owner } from '../harbour/ownership.ts';
import type { Tape } from '../operations/tape.ts';
import type { Effect, FieldFault } from './field-faults.ts';

/** A fault of one of the fields that an operation touches; null when none of them may have one. */
export function chooseFault(
  touched: ReadonlySet<string>,
  {
    owners,
    schema,
    tape,
  }: { owners: ReadonlyMap<string, Owner>; schema: GraphQLSchema; tape: Tape },
): (FieldFault & { isRequired: boolean }) | null {
  const candidates = [...touched].filter((coordinate) => owners.get(coordinate)?.isFaultable);
  const coordinate = tape.pick(candidates);
  const owner = coordinate === undefined ? undefined : owners.get(coordinate);
  if (!owner || coordinate === undefined) return null;
  const [typeName = '', fieldName = ''] = coordinate.split('.');
  const type = schema.getType(typeName);
  const field = isObjectType(type) ? type.getFields()[fieldName] : undefined;
  if (!field) return null;
  const { subgraph, isRequired } = owner;
  const effect = effectOn(field.type, { tape, isRequired });
  const oneOf = tape.pick([1, 2, 3]);
  const where = { subgraph, type: owner.type, field: owner.field };
  return { ...where, effect, oneOf, at: tape.next(oneOf), isRequired };
}

function effectOn(
  type: GraphQLOutputType,
  { tape, isRequired }: { tape: Tape; isRequired: boolean },
): Effect {
  const roll = tape.next(isRequired ? 5 : 20);
  if (roll < 3) return { kind: 'throws' };
  if (roll < 5) return { kind: 'null' };
  if (roll < 7) return { kind: 'absent' };
  if (roll < 8 && isNonNullType(type)) return { kind: 'lie', json: 'null' };
  const nullable = getNullableType(type);
  if (isListType(nullable) && roll < 14) {
    const item = nullable.ofType;
    const isNull = isNonNullType(item) && tape.chance(20);
    return { kind: 'lie in list', json: isNull ? 'null' : lieAbout(item, tape) };
  }
  return { kind: 'lie', json: lieAbout(type, tape) };
}

/** JSON that no value of the type looks like. */
function lieAbout(type: GraphQLOutputType, tape: Tape): string {
  const nullable = getNullableType(type);
  if (isListType(nullable)) return tape.pick(['7', '"list"', '{}', 'true', '{"0":1,"length":1}']);
  const named = getNamedType(type);
  if (isAbstractType(named)) return tape.pick([...LIES_ABOUT_TYPES, ...LIES_ABOUT_OBJECTS]);
  if (isObjectType(named)) return tape.pick(LIES_ABOUT_OBJECTS);
  if (isEnumType(named)) return tape.pick(LIES_ABOUT_ENUMS);
  return tape.pick(LIES_ABOUT_SCALARS[named.name] ?? ['null']) ?? 'null';
}

const LIES_ABOUT_OBJECTS = ['7', '"object"', 'true', '[]', '[[]]', '-0.5e-7'] as const;

const LIES_ABOUT_TYPES = [
  '{"__typename":"Nobody"}',
  '{"__typename":"Money"}',
  '{"__typename":"constructor"}',
  '{"__typename":null}',
  '{"__typename":5}',
] as const;

const LIES_ABOUT_ENUMS = [
  '"NOPE"',
  '"SECRET"',
  '"__proto__"',
  '"valueOf"',
  '7',
  '{}',
  '[]',
  'true',
  '""',
] as [string, ...string[]];

const LIES_ABOUT_SCALARS: Readonly<Record<string, readonly string[]>> = {
  Int: [
    '"abc"',
    '1.5',
    '2147483648',
    '-2147483649',
    '{}',
    '[]',
    '[1]',
    '1e999',
    '{"a":"}"}',
    '1e10',
  ],
  Float: ['"abc"', '{}', '[]', '1e999', '-1e999', '""'],
  String: ['{}', '[]', '["a"]', '{"a":[1,{"b":"]"}]}'],
  Boolean: ['"yes"', '{}', '[]', '"true"'],
  ID: ['{}', '[]', '1.5', '["a"]', 'true'],
  Json: ['null'],
};
