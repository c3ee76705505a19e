import type { FetchDataRewrite, QueryPlanSelectionNode } from '@apollo/query-planner';
import { getNamedType, isCompositeType, isNonNullType } from 'graphql';
import { FAILED, GONE } from './answer-node.ts';
import type { AnswerNode } from './answer-node.ts';
import { nameIn, textIn } from './generated-code.ts';
import type { GeneratedCode } from './generated-code.ts';
import type { RequiredSelection } from './restore-arguments.ts';
import { fieldOf, isAbstractName, typeNamesOf } from './schemas.ts';
import type { Schemas } from './schemas.ts';
import { slotOf } from './slots.ts';
import type { SlotSpace } from './slots.ts';

/**
 * Makes the text of an entity's representation. Undefined: it is none of the types that are asked
 * for, or something is missing. FAILED and GONE: it is missing for this reason.
 */
export type Represent = (node: AnswerNode) => string | undefined | typeof FAILED | typeof GONE;

/**
 * Tells entities apart by less than their representation, where their key is one leaf. Undefined:
 * only the representation tells.
 */
export type Identify = (node: AnswerNode) => string | undefined;

/** What a fetch requires of its entities. */
export type RepresentationParts = {
  subgraph: string;
  requires: readonly QueryPlanSelectionNode[];
  rewrites: readonly FetchDataRewrite[];
  schemas: Schemas;
  code: GeneratedCode;
  /** The place of the entities. */
  space: SlotSpace;
};

/** Generates the code that represents entities; gives the names of its functions. */
export function generateRepresent(parts: RepresentationParts): {
  represent: string;
  identify: string;
} {
  const { requires, schemas, code } = parts;
  const names = new Set(requires.flatMap((node) => [...typeNamesIn(node, schemas)]));
  const cases = [...names].flatMap((typeName) => {
    const fields = askedFor(fieldsFor(requires, typeName, schemas), { ...parts, typeName });
    if (fields.length === 0 || !hasKey(fields, { ...parts, typeName })) return [];
    const body = generateObject(fields, { ...parts, typeName, isEntity: true });
    return [`case ${textIn(nameIn(typeName))}: { ${body} }`];
  });
  const name = `represent${code.next()}`;
  code.add(`function ${name}(o) { switch (o.t) { ${cases.join('\n')} } return undefined; }`);
  return { represent: name, identify: generateIdentify([...names], parts) };
}

/**
 * Without what the plan fetches for no object of this type. The planner requires of all types of an
 * interface what only one of them needs, though it fetches it for that one only.
 */
function askedFor(
  fields: readonly Field[],
  { space, typeName }: RepresentationParts & { typeName: string },
): readonly Field[] {
  const isTypeName = ({ name }: Field) => name === '__typename';
  const asked = fields.filter(
    (field) => isTypeName(field) || space.isAskedOf(slotOf(keyOf(field)), typeName),
  );
  return asked.every(isTypeName) ? fields : asked;
}

/**
 * Whether the subgraph can find an entity by these fields. What one type of an interface object
 * requires is in plans for all of them, also for those that are not asked for and have no key there.
 */
function hasKey(
  fields: readonly Field[],
  { schemas, subgraph, ...place }: RepresentationParts & { typeName: string },
): boolean {
  const names = new Set(fields.map(({ name }) => name));
  const keys = schemas.joins.keysOf(entityNameOf({ schemas, ...place }), subgraph);
  return keys.some((key) => key.every(({ name }) => names.has(name)));
}

function generateIdentify(
  names: readonly string[],
  { requires, schemas, code }: RepresentationParts,
): string {
  const [typeName, ...others] = names;
  if (typeName === undefined || others.length > 0) return 'null';
  const fields = fieldsFor(requires, typeName, schemas).filter(({ name }) => name !== '__typename');
  const [field, ...more] = fields;
  if (!field || more.length > 0 || field.selections) return 'null';
  const name = `identify${code.next()}`;
  const slot = slotOf(keyOf(field));
  code.add(`function ${name}(o) { const v = o.${slot};
    return typeof v === 'string' && o.t === ${textIn(nameIn(typeName))} ? v : undefined; }`);
  return name;
}

type Field = RequiredSelection;
type Place = RepresentationParts & { typeName: string; isEntity: boolean };

function typeNamesIn(node: QueryPlanSelectionNode, schemas: Schemas): ReadonlySet<string> {
  if (node.kind === 'Field' || node.typeCondition === undefined) return new Set();
  return typeNamesOf(schemas, node.typeCondition);
}

/** The fields that are required of an object of this type, each once. */
function fieldsFor(
  nodes: readonly QueryPlanSelectionNode[],
  typeName: string,
  schemas: Schemas,
): Field[] {
  const all = nodes.flatMap((node): Field[] => {
    if (node.kind === 'Field') return [node];
    const { typeCondition: condition } = node;
    const applies = condition === undefined || typeNamesOf(schemas, condition).has(typeName);
    return applies ? fieldsFor(node.selections, typeName, schemas) : [];
  });
  return [...Map.groupBy(all, keyOf).values()].flatMap((same) => {
    const [first] = same;
    if (!first) return [];
    const selections = same.flatMap((field) => field.selections ?? []);
    return [selections.length > 0 ? { ...first, selections } : first];
  });
}

function keyOf({ alias, name }: Field): string {
  return alias ?? name;
}

function generateObject(fields: readonly Field[], place: Place): string {
  // An object within an entity, of a type of which nothing is required.
  if (fields.length === 0) return `return '{}';`;
  const statements = fields.map((field, index) =>
    generateField(field, { ...place, before: index === 0 ? '{' : ',' }),
  );
  return `let v, r, s = ''; ${statements.join(' ')} return s + '}';`;
}

function generateField(field: Field, place: Place & { before: string }): string {
  const { typeName, schemas, before } = place;
  const start = textIn(`${before}"${nameIn(field.sentAs ?? keyOf(field))}":`);
  if (field.name === '__typename') return `s += ${start} + ${typeNameText(place)};`;
  const { type } = fieldOf(schemas, { typeName, field: field.name });
  const slot = slotOf(keyOf(field));
  const nulls = isNonNullType(type) ? 'return undefined' : `r = 'null'`;
  const inner = getNamedType(type);
  const otherwise = `else if (v === null) ${nulls}; else return ${reasonOf('v')};`;
  const value =
    field.selections && isCompositeType(inner)
      ? `if (typeof v === 'object' && v !== null) { r = ${generateNested(field, {
          ...place,
          typeName: inner.name,
          isEntity: false,
        })}(v); if (typeof r !== 'string') return r; }`
      : `if (typeof v === 'string') r = v; else if (Array.isArray(v)) { r = ${leafList(place)}(v); if (typeof r !== 'string') return r; }`;
  return `v = o.${slot}; ${value} ${otherwise} s += ${start} + r;`;
}

/** A list of leaves that is not one text: something in it is amiss. */
function leafList({ code }: Place): string {
  const name = `leaves${code.next()}`;
  code.add(`function ${name}(a) { const texts = [];
    for (const v of a) {
      if (v === null) texts.push('null');
      else if (Array.isArray(v)) { const r = ${name}(v); if (typeof r !== 'string') return r; texts.push(r); }
      else if (typeof v === 'string') texts.push(v); else return ${reasonOf('v')};
    }
    return '[' + texts.join(',') + ']'; }`);
  return name;
}

/** Objects within an entity, or lists of them. */
function generateNested(field: Field, place: Place): string {
  const { typeName, schemas, code } = place;
  const names = isAbstractName(schemas, typeName)
    ? [...typeNamesOf(schemas, typeName)]
    : [typeName];
  const cases = names.map((name) => {
    const fields = fieldsFor(field.selections ?? [], name, schemas);
    const body = generateObject(fields, { ...place, typeName: name });
    return names.length === 1 ? body : `case ${textIn(nameIn(name))}: { ${body} }`;
  });
  const name = `nested${code.next()}`;
  const body =
    names.length === 1 ? cases[0] : `switch (o.t) { ${cases.join('\n')} } return undefined;`;
  code.add(`function ${name}(o) {
    if (Array.isArray(o)) { const texts = [];
      for (const item of o) { const text = item === null ? 'null' : ${name}(item);
        if (typeof text !== 'string') return text; texts.push(text); }
      return '[' + texts.join(',') + ']'; }
    if (typeof o !== 'object') return ${reasonOf('o')};
    ${body} }`);
  return name;
}

/** Why there is no value, if anybody knows. */
function reasonOf(value: string): string {
  return `${value} === ${String(FAILED)} || ${value} === ${GONE} ? ${value} : undefined`;
}

function typeNameText(place: Place): string {
  const name = place.isEntity ? entityNameOf(place) : place.typeName;
  return textIn(`"${nameIn(name)}"`);
}

/** What an entity is called in the subgraph: an interface, where that has an interface object. */
function entityNameOf({
  typeName,
  rewrites,
  schemas,
}: Pick<Place, 'typeName' | 'rewrites' | 'schemas'>): string {
  const rewrite = rewrites.find((it) => appliesTo(it, typeName, schemas));
  return rewrite?.kind === 'ValueSetter' ? String(rewrite.setValueTo) : typeName;
}

function appliesTo(rewrite: FetchDataRewrite, typeName: string, schemas: Schemas): boolean {
  const [condition = '', field, ...rest] = rewrite.path;
  if (rewrite.kind !== 'ValueSetter' || field !== '__typename' || rest.length > 0) {
    throw new Error('This rewrite of a representation is not known');
  }
  return typeNamesOf(schemas, condition.replace(/^\.\.\. on /, '')).has(typeName);
}
