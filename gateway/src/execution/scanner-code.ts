import { getNullableType, isListType, isNonNullType } from 'graphql';
import type { GraphQLOutputType } from 'graphql';
import type { AnswerNode } from './answer-node.ts';
import { UNEXPECTED, scanMethod } from './answer-scanner.ts';
import type { AnswerScanner } from './answer-scanner.ts';
import type { FetchField, FetchSelection } from './fetch-selection.ts';
import { nameIn, textIn } from './generated-code.ts';
import type { GeneratedCode } from './generated-code.ts';
import { isAbstractName, typeNamesOf } from './schemas.ts';
import type { Schemas } from './schemas.ts';

/** Reads the object at which a scanner stands, or throws UNEXPECTED. */
export type ScanObject = (scanner: AnswerScanner) => AnswerNode;

/**
 * Generates the code that reads the objects of a fetch as subgraphs send them: exactly the fields
 * that were asked for, in that order, nothing between them. Gives the name of its function; null
 * where the order depends on a type that comes too late.
 */
export function generateScanner(selection: FetchSelection, parts: Parts): string | null {
  const { schemas, code } = parts;
  const variants = variantsOf(selection, schemas);
  if (variants === null) return null;
  const bodies: string[] = [];
  const own = selection.isNarrow ? selection.typeName : null;
  for (const variant of variants) {
    const body = variant.fields.length === 0 ? null : generateObject({ ...variant, own }, parts);
    if (body === null) return null;
    bodies.push(body);
  }
  const name = `scan${code.next()}`;
  code.add(`function ${name}(s) { const t = s.text, b = s.bytes; let i = s.at; ${bodies.join('\n')}
    throw ${unexpected(code)}; }`);
  return name;
}

type Parts = { schemas: Schemas; code: GeneratedCode };
type Variant = {
  /** What `__typename` has to be; null: whatever it is. */
  typeName: string | null;
  fields: readonly FetchField[];
};

/** The orders of fields that may come: one, or one for each type if the type comes first. */
function variantsOf(selection: FetchSelection, schemas: Schemas): Variant[] | null {
  const { typeName, fields } = selection;
  const [first] = fields;
  const conditions = new Set(fields.map(({ types }) => types && [...types].sort().join(' ')));
  if (conditions.size <= 1) {
    const [only = typeName, ...others] = first?.types ?? [];
    const isKnown = only !== null && others.length === 0 && !isAbstractName(schemas, only);
    return [{ typeName: isKnown ? only : null, fields: unique(fields) }];
  }
  if (first?.slot !== null || first.types !== null) return null;
  const known = typeName === null ? [] : [...typeNamesOf(schemas, typeName)];
  const names = new Set([...known, ...fields.flatMap(({ types }) => [...(types ?? [])])]);
  if (names.size > MOST_VARIANTS) return null;
  return [...names].map((name) => ({
    typeName: name,
    fields: unique(fields.filter(({ types }) => types === null || types.has(name))),
  }));
}

const MOST_VARIANTS = 30;

function unique(fields: readonly FetchField[]): FetchField[] {
  return [...new Map(fields.toReversed().map((field) => [field.key, field])).values()].toReversed();
}

/**
 * Statements that return the object if its beginning is that of this variant. `own`: its type, where
 * nobody asks for it.
 */
function generateObject(
  { typeName, fields, own }: Variant & { own: string | null },
  parts: Parts,
): string | null {
  const { code } = parts;
  const slots: string[] = [];
  const statements: string[] = [];
  let t = own === null ? 'undefined' : textIn(own);
  let start = '';
  for (const [index, field] of fields.entries()) {
    const key = `${index === 0 ? '{' : ','}"${nameIn(field.key)}":`;
    const isType = field.slot === null;
    const text = isType && typeName !== null ? `${key}"${nameIn(typeName)}"` : key;
    if (index === 0) start = text;
    else statements.push(expectText(text, code));
    if (isType) {
      t = typeName === null ? `s.name()` : textIn(typeName);
      if (typeName !== null) continue;
    }
    const value = isType ? t : generateValue(field, parts);
    if (value === null) return null;
    const local = `v${index}`;
    statements.push(`s.at = i; const ${local} = ${value}; i = s.at;`);
    if (isType) t = local;
    else slots.push(`${field.slot}: ${local}`);
  }
  statements.push(expectText('}', code));
  const key = typeName === null ? null : referenceKey(fields);
  if (key !== null) return generateReference({ start, statements, key, t, slots }, code);
  return `if (${isText(start)}) { i += ${start.length}; ${statements.join(' ')}
    s.at = i; return { t: ${t}, ${[...NODE_STATE, ...slots].join(', ')} }; }`;
}

/** The one leaf of objects that have nothing else but their type: references to entities. */
function referenceKey(fields: readonly FetchField[]): number | null {
  const index = fields.findIndex(({ slot }) => slot !== null);
  const key = fields[index];
  const isReference = fields.length === 2 && fields.some(({ slot }) => slot === null);
  return isReference && key?.leaf && !isListType(getNullableType(key.type)) ? index : null;
}

/**
 * References to one entity from one place of an answer are one object: whatever is fetched for one
 * of them is right for all, and it is filled and written once.
 */
function generateReference(
  {
    start,
    statements,
    key,
    t,
    slots,
  }: { start: string; statements: string[]; key: number; t: string; slots: string[] },
  code: GeneratedCode,
): string {
  const state = NODE_STATE.map((field) => field.replace('isShared: false', 'isShared: true'));
  return `if (${isText(start)}) { i += ${start.length}; ${statements.join(' ')}
    s.at = i; const known = s.references(${code.next()}); const r = known.get(v${key});
    if (r !== undefined) return r;
    const node = { t: ${t}, ${[...state, ...slots].join(', ')} };
    if (v${key} !== null) known.set(v${key}, node);
    return node; }`;
}

/** As in `emptyNode`, so that all nodes of a place look alike to the engine. */
const NODE_STATE = ['seenBy: 0', 'isShared: false', 'writtenBy: 0', `written: ''`];

function generateValue({ type, leaf, selection }: FetchField, parts: Parts): string | null {
  const { code } = parts;
  if (type === null) return null;
  if (leaf) {
    const values = leaf.kind === 'enum' ? [...leaf.values].map((it) => JSON.stringify(it)) : null;
    const given = values ? code.constant(new Set(values)) : '';
    return generateTyped(type, { item: `s.${scanMethod(leaf)}(${given})`, isLeaf: true, code });
  }
  const scan = selection && generateScanner(selection, parts);
  if (scan === null) return null;
  const item = `(s.isNull() ? s.null() : ${scan}(s))`;
  return generateTyped(type, { item, isLeaf: false, code });
}

/** An expression that reads a value of a type, lists included, made from one that reads an item. */
function generateTyped(
  type: GraphQLOutputType,
  { item, isLeaf, code }: { item: string; isLeaf: boolean; code: GeneratedCode },
): string {
  const nullable = getNullableType(type);
  if (!isListType(nullable)) return item;
  const itemType = nullable.ofType;
  const value = generateTyped(itemType, { item, isLeaf, code });
  const name = `scanList${code.next()}`;
  // A list of leaves stays one text; the general reader looks into it if there is something amiss.
  const isPlain = isLeaf && item !== 's.id()';
  const check =
    isNonNullType(itemType) && isPlain ? `if (v === null) throw ${unexpected(code)};` : '';
  const keep = isPlain ? '' : 'list.push(v);';
  const result = isPlain ? 's.text.slice(start, s.at)' : 'list';
  code.add(`function ${name}(s) { if (s.isNull()) return s.null();
    const start = s.at; ${isPlain ? '' : 'const list = [];'} s.expect(91);
    if (s.bytes[s.at] === 93) { s.at += 1; return ${isPlain ? `'[]'` : 'list'}; }
    for (;;) { const v = ${value}; ${check} ${keep}
      const c = s.bytes[s.at]; s.at += 1;
      if (c === 93) return ${result};
      if (c !== 44) throw ${unexpected(code)}; } }`);
  return `${name}(s)`;
}

function expectText(text: string, code: GeneratedCode): string {
  return `if (!(${isText(text)})) throw ${unexpected(code)}; i += ${text.length};`;
}

/** Whether the scanned text goes on like this. */
function isText(text: string): string {
  if (text.length > MOST_INLINE) return `t.startsWith(${textIn(text)}, i)`;
  const tests = Array.from(text, (character, index) => {
    return `b[i + ${index}] === ${character.charCodeAt(0)}`;
  });
  return tests.join(' && ');
}

const MOST_INLINE = 40;

function unexpected(code: GeneratedCode): string {
  return code.constant(UNEXPECTED);
}
