import {
  getNamedType,
  getNullableType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { GraphQLOutputType, GraphQLSchema } from 'graphql';
import type { ByteText } from '../byte-text.ts';
import type { AnswerNode } from './answer-node.ts';
import { compositeTypeOf, objectTypesOf } from './client-selection.ts';
import type { ClientField, ClientSelection, ClientSelections } from './client-selection.ts';
import type { Completion } from './completion.ts';
import { nameIn, textIn } from './generated-code.ts';
import type { GeneratedCode } from './generated-code.ts';

/** Writes an answer's data as JSON; null when a null bubbled up to the root. */
export type Writer = (root: AnswerNode, completion: Completion) => ByteText | null;

/** What the code of a writer is made from. */
export type WriterParts = {
  schema: GraphQLSchema;
  selections: ClientSelections;
  code: GeneratedCode;
};

/**
 * Generates the code that writes the answer to an operation: one function for each selection and
 * kind of object, the parts of the text that never change as constants, and null wherever the
 * specification wants it. Gives the name of the function for the root.
 */
export function generateWriter(parts: WriterParts): string {
  return generateSelection(parts.selections.root, { ...parts, known: new Map() });
}

type Parts = WriterParts & {
  /** Names of functions that are there already. */
  known: Map<string, string>;
};

function generateSelection(selection: ClientSelection, parts: Parts): string {
  const { schema, code, known } = parts;
  const key = `selection ${selection.id}`;
  const existing = known.get(key);
  if (existing !== undefined) return existing;
  const name = `write${code.next()}`;
  // Known before its body is generated: a selection may not contain itself, but be met again.
  known.set(key, name);
  const typeNames = objectTypesOf(schema, selection.type);
  const bodies = new Map<string, string[]>();
  for (const typeName of typeNames) {
    const body = generateObject(selection, { ...parts, typeName });
    bodies.set(body, [...(bodies.get(body) ?? []), typeCase(typeName)]);
  }
  const inner = `${name}Anew`;
  code.add(rememberingWriter(name, inner, code.next()));
  if (isObjectType(selection.type)) {
    code.add(`function ${inner}(o, c) { ${[...bodies.keys()].join('')} }`);
    return name;
  }
  // Where the type makes no difference, nobody may have asked for it, or be able to tell it.
  const body = bodies.size === 1 ? [...bodies.keys()].join('') : bodyOfAll(selection, parts);
  if (body !== null && !body.includes('o.t')) {
    const labels = [typeCase(selection.type.name), 'case undefined:'];
    bodies.set(body, [...(bodies.get(body) ?? []), ...labels]);
  }
  const cases = [...bodies].map(([text, labels]) => `${labels.join(' ')} { ${text} }`);
  code.add(
    `function ${inner}(o, c) { switch (o.t) { ${cases.join('\n')} } return c.unknownType(); }`,
  );
  return name;
}

/** For objects of whatever type; null where fields depend on it. */
function bodyOfAll(selection: ClientSelection, parts: Parts): string | null {
  const { type, fields } = selection;
  const known = isInterfaceType(type) ? type.getFields() : {};
  const { length } = objectTypesOf(parts.schema, type);
  const isForAll = fields.every(({ types, name }) => types.size === length && known[name]);
  return isForAll ? generateObject(selection, { ...parts, typeName: type.name }) : null;
}

const typeCase = (typeName: string): string => `case ${textIn(nameIn(typeName))}:`;

/**
 * An object that stands at several places is written once. Reading a character of the text makes the
 * engine put it together, so that it is copied as a whole from then on.
 */
function rememberingWriter(name: string, inner: string, number: number): string {
  return `function ${name}(o, c) {
    if (!o.isShared) return ${inner}(o, c);
    if (o.writtenBy === ${number}) return o.written;
    const n = c.count; const s = ${inner}(o, c);
    if (s !== null && c.count === n) { o.writtenBy = ${number}; o.written = s; s.charCodeAt(0); }
    return s; }`;
}

/** The statements that write an object of one type, or of any type of an abstract one. */
function generateObject(selection: ClientSelection, parts: Parts & { typeName: string }): string {
  const groups = Map.groupBy(
    selection.fields.filter(
      ({ types }) => parts.typeName === selection.type.name || types.has(parts.typeName),
    ),
    ({ key }) => key,
  );
  const statements = ['let v, r, n;'];
  let text = '{';
  for (const [key, fields] of groups) {
    const [first] = fields;
    if (!first) continue;
    const before = `${text}"${nameIn(key)}":`;
    text = ',';
    statements.push(generateField(before, { key, fields, first }, { ...parts, selection }));
  }
  if (statements.length === 1) return `return '{}';`;
  return `let s = ''; ${statements.join(' ')} return s + '}';`;
}

function addition(before: string, expression: string): string {
  return before === '' ? `s += ${expression};` : `s += ${textIn(before)} + ${expression};`;
}

function generateField(
  before: string,
  { key, fields, first }: { key: string; fields: readonly ClientField[]; first: ClientField },
  parts: Parts & { typeName: string; selection: ClientSelection },
): string {
  const { schema, typeName, selection, selections } = parts;
  if (first.name.startsWith('__'))
    return generateMeta(before, { key, name: first.name, selection });
  const type = fieldTypeOf(schema, { typeName, field: first.name });
  const composite = compositeTypeOf(schema, { typeName, field: first.name });
  const item = composite && generateSelection(selections.within(fields, composite), parts);
  // Not the object's own type, so that objects of several types can be written by the same code.
  const coordinate = `${selection.type.name}.${first.name}`;
  const nonNull = isNonNullType(type);
  const where = whereOf({ key, nonNull, coordinate }, parts);
  const onAbsent = nonNull
    ? `c.absent(v, ${where}); return null;`
    : `c.absent(v, ${where}); ${addition(before, `'null'`)}`;
  const value = generateValue(type, { item, coordinate, key: textIn(key), before }, parts);
  return `v = o.$${nameIn(first.internalName)}; ${value} else { ${onAbsent} }`;
}

/** `__typename` is known by now; what introspection gives is there as text. */
function generateMeta(
  before: string,
  { key, name, selection }: { key: string; name: string; selection: ClientSelection },
): string {
  if (name !== '__typename') return addition(before, `(o.$${nameIn(key)} ?? 'null')`);
  if (!isObjectType(selection.type)) return addition(before, `'"' + o.t + '"'`);
  return addition(before, textIn(JSON.stringify(selection.type.name)));
}

function generateValue(
  type: GraphQLOutputType,
  {
    item,
    coordinate,
    key,
    before,
  }: { item: string | null; coordinate: string; key: string; before: string },
  parts: Parts,
): string {
  const nullable = getNullableType(type);
  const isText = isLeafType(getNamedType(type));
  const asText = isText ? `if (typeof v === 'string') { ${addition(before, 'v')} }` : '';
  if (isText && !isListType(nullable)) return asText;
  const callee = isListType(nullable)
    ? generateList(nullable.ofType, { item, coordinate }, parts)
    : `${item}`;
  const test = isListType(nullable) ? 'Array.isArray(v)' : `v !== null && typeof v === 'object'`;
  const onNull = isNonNullType(type)
    ? 'if (r === null) return null;'
    : `if (r === null) r = 'null';`;
  return `${asText}${isText ? ' else ' : ''}if (${test}) { n = c.count; r = ${callee}(v, c);
    if (c.count !== n) c.within(n, ${key}); ${onNull} ${addition(before, 'r')} }`;
}

function generateList(
  itemType: GraphQLOutputType,
  { item, coordinate }: { item: string | null; coordinate: string },
  parts: Parts,
): string {
  const { code, known } = parts;
  const identity = `list ${String(itemType)} ${item} ${coordinate}`;
  const existing = known.get(identity);
  if (existing !== undefined) return existing;
  const nonNull = isNonNullType(itemType);
  const where = whereOf({ key: '', nonNull, coordinate }, parts);
  const name = `list${code.next()}`;
  const value = generateValue(itemType, { item, coordinate, key: 'i', before: '' }, parts);
  const absent = nonNull
    ? `{ c.absent(v, ${where}, i); return null; }`
    : `{ c.absent(v, ${where}, i); s += 'null'; }`;
  code.add(`function ${name}(a, c) { let s = '['; let v, r, n;
    for (let i = 0; i < a.length; i += 1) { v = a[i]; if (i > 0) s += ','; ${value} else ${absent} }
    return s + ']'; }`);
  known.set(identity, name);
  return name;
}

function whereOf(
  where: { key: string; nonNull: boolean; coordinate: string },
  { code, known }: Parts,
): string {
  const identity = `where ${JSON.stringify(where)}`;
  const name = known.get(identity) ?? code.constant(where);
  known.set(identity, name);
  return name;
}

function fieldTypeOf(
  schema: GraphQLSchema,
  { typeName, field }: { typeName: string; field: string },
): GraphQLOutputType {
  const parent = schema.getType(typeName);
  const isKnown = isObjectType(parent) || isInterfaceType(parent);
  const type = isKnown ? parent.getFields()[field]?.type : undefined;
  if (!type) throw new Error(`The schema has no field ${typeName}.${field}`);
  return type;
}
