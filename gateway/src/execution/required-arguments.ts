import { Kind, isInterfaceType, isObjectType, parse, print, visit } from 'graphql';
import type {
  ArgumentNode,
  ConstDirectiveNode,
  DefinitionNode,
  DirectiveNode,
  DocumentNode,
  FieldDefinitionNode,
  FieldNode,
  GraphQLSchema,
  InterfaceTypeDefinitionNode,
  ObjectTypeDefinitionNode,
  SelectionNode,
  SelectionSetNode,
  TypeNode,
} from 'graphql';
import { argumentsText } from './arguments-text.ts';
import { unusedPrefix } from './internal-names.ts';

/** A field that some subgraph requires with arguments, under a name of its own. */
export type RequiredField = {
  /** What stands for it in plans. */
  standIn: string;
  /** The type that has it, as the requirement says. */
  typeName: string;
  name: string;
  arguments: readonly ArgumentNode[];
};

/** A supergraph in which nothing is required with arguments any more. */
export type RequiredArguments = {
  document: DocumentNode;
  /** By the name of the stand-in. */
  fields: ReadonlyMap<string, RequiredField>;
  /** Where a field requires stand-ins, by `Type.field`: see `placeOf`. */
  needs: ReadonlyMap<string, ReadonlySet<string>>;
};

/** A place in what is required of an entity: the names on the way to it, without type conditions. */
export function placeOf(place: string, name: string): string {
  return `${place}/${name}`;
}

/**
 * The planner cannot tell a field from itself with other arguments: it sends a subgraph what was
 * fetched for another, or for the client. So in the supergraph that it gets, each field that is
 * required with arguments is a field without any; plans are put right by `restoreArguments`.
 */
export function withoutRequiredArguments(
  schema: GraphQLSchema,
  sdl: DocumentNode,
): RequiredArguments {
  const prefix = unusedPrefix(schema, 'r');
  const fields = new Map<string, RequiredField>();
  const needs = new Map<string, Set<string>>();
  const numbers = new Map<string, string>();
  const standInFor = (typeName: string, { name, arguments: given = [] }: FieldNode): string => {
    const identity = `${typeName}.${name.value}(${argumentsText(given)})`;
    const standIn = numbers.get(identity) ?? `${prefix}${numbers.size}_${name.value}`;
    numbers.set(identity, standIn);
    fields.set(standIn, { standIn, typeName, name: name.value, arguments: given });
    return standIn;
  };
  const rewritten = visit(sdl, {
    FieldDefinition(node, _key, _parent, _path, ancestors) {
      const type = ancestors.findLast(isTypeDefinition);
      if (!type) return undefined;
      const found = new Set<string>();
      const directives = node.directives?.map((directive) =>
        withRequires(directive, (text) =>
          rewriteFieldSet(text, {
            schema,
            typeName: type.name.value,
            place: '',
            found,
            standInFor,
          }),
        ),
      );
      if (found.size === 0) return undefined;
      needs.set(`${type.name.value}.${node.name.value}`, found);
      return { ...node, ...(directives ? { directives } : {}) };
    },
  });
  return { document: withStandIns(rewritten, { schema, fields }), fields, needs };
}

type TypeDefinition = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

function isTypeDefinition(node: unknown): node is TypeDefinition {
  const { kind } = node as { kind?: string };
  return kind === Kind.OBJECT_TYPE_DEFINITION || kind === Kind.INTERFACE_TYPE_DEFINITION;
}

function withRequires(directive: DirectiveNode, rewrite: (text: string) => string): DirectiveNode {
  if (directive.name.value !== 'join__field') return directive;
  const given = directive.arguments?.map((argument): ArgumentNode => {
    const { name, value } = argument;
    if (name.value !== 'requires' || value.kind !== Kind.STRING) return argument;
    return { ...argument, value: { ...value, value: rewrite(value.value) } };
  });
  return { ...directive, ...(given ? { arguments: given } : {}) };
}

type FieldSetParts = {
  schema: GraphQLSchema;
  typeName: string;
  place: string;
  found: Set<string>;
  standInFor: (typeName: string, node: FieldNode) => string;
};

function rewriteFieldSet(text: string, parts: FieldSetParts): string {
  const [definition] = parse(`{ ${text} }`, { noLocation: true }).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) return text;
  const { found } = parts;
  const before = found.size;
  const selectionSet = rewriteSelections(definition.selectionSet, parts);
  if (found.size === before) return text;
  return print(selectionSet).replace(/\s+/g, ' ').slice(1, -1).trim();
}

function rewriteSelections(set: SelectionSetNode, parts: FieldSetParts): SelectionSetNode {
  const { schema, typeName, place, found, standInFor } = parts;
  const selections = set.selections.map((selection): SelectionNode => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return selection;
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const within = { ...parts, typeName: selection.typeCondition?.name.value ?? typeName };
      return { ...selection, selectionSet: rewriteSelections(selection.selectionSet, within) };
    }
    const inner = namedFieldType(schema, { typeName, field: selection.name.value });
    const hasArguments = (selection.arguments ?? []).length > 0;
    const key = hasArguments ? standInFor(typeName, selection) : selection.name.value;
    const within = { ...parts, place: placeOf(place, key), typeName: inner ?? '' };
    const selectionSet = selection.selectionSet
      ? { selectionSet: rewriteSelections(selection.selectionSet, within) }
      : {};
    if (!hasArguments) return { ...selection, ...selectionSet };
    found.add(within.place);
    const { arguments: _, ...rest } = selection;
    return { ...rest, name: { kind: Kind.NAME, value: key }, ...selectionSet };
  });
  return { ...set, selections };
}

function namedFieldType(
  schema: GraphQLSchema,
  { typeName, field }: { typeName: string; field: string },
): string | null {
  const type = schema.getType(typeName);
  if (!isObjectType(type) && !isInterfaceType(type)) return null;
  const node = type.getFields()[field]?.astNode;
  return node ? nameOf(node.type) : null;
}

function nameOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type);
}

/** Adds the stand-ins beside the fields that they stand for. */
function withStandIns(
  document: DocumentNode,
  { schema, fields }: { schema: GraphQLSchema; fields: ReadonlyMap<string, RequiredField> },
): DocumentNode {
  if (fields.size === 0) return document;
  const texts = fieldSetsIn(document);
  const definitions = document.definitions.map((definition): DefinitionNode => {
    if (!isTypeDefinition(definition)) return definition;
    const own = definition.fields ?? [];
    const more = [...fields.values()].flatMap(
      ({ standIn, typeName, name }): FieldDefinitionNode[] => {
        const original = own.find((field) => field.name.value === name);
        if (!original || !isOf(schema, { typeName, name: definition.name.value })) return [];
        const { arguments: _, description: __, ...rest } = original;
        return [{ ...rest, name: { kind: Kind.NAME, value: standIn } }];
      },
    );
    if (more.length === 0) return definition;
    const replaced = new Set([...fields.values()].map(({ name }) => name));
    const all = [...own, ...more].map((field) =>
      replaced.has(field.name.value) || fields.has(field.name.value)
        ? withoutIdleExternals(field, { definition, texts, isStandIn: !own.includes(field) })
        : field,
    );
    return { ...definition, fields: all };
  });
  return { ...document, definitions };
}

/** The field sets of each subgraph. */
function fieldSetsIn(document: DocumentNode): ReadonlyMap<string, string[]> {
  const texts = new Map<string, string[]>();
  visit(document, {
    Directive(node) {
      if (!/^join__(type|field)$/.test(node.name.value)) return;
      const graph = argumentOf(node, 'graph');
      if (graph === null) return;
      const found = ['key', 'requires', 'provides'].flatMap((name) => argumentOf(node, name) ?? []);
      texts.set(graph, [...(texts.get(graph) ?? []), ...found]);
    },
  });
  return texts;
}

/** A subgraph may declare a field as external only if it needs it, or an interface of its own does. */
function withoutIdleExternals(
  field: FieldDefinitionNode,
  {
    definition,
    texts,
    isStandIn,
  }: { definition: TypeDefinition; texts: ReadonlyMap<string, string[]>; isStandIn: boolean },
): FieldDefinitionNode {
  const isUsed = new RegExp(`\\b${field.name.value}\\b`);
  const directives = (field.directives ?? []).filter((directive) => {
    const graph = argumentOf(directive, 'graph');
    if (argumentOf(directive, 'external') !== 'true' || graph === null) return true;
    const implemented = (definition.directives ?? []).some(
      (it) => it.name.value === 'join__implements' && argumentOf(it, 'graph') === graph,
    );
    if (implemented && !isStandIn) return true;
    return (texts.get(graph) ?? []).some((text) => isUsed.test(text));
  });
  return { ...field, directives };
}

function argumentOf(
  { arguments: given = [] }: ConstDirectiveNode | DirectiveNode,
  name: string,
): string | null {
  const value = given.find((argument) => argument.name.value === name)?.value;
  if (value === undefined || !('value' in value)) return null;
  return String(value.value);
}

/** Whether the type of that name is `typeName` or implements it. */
function isOf(
  schema: GraphQLSchema,
  { typeName, name }: { typeName: string; name: string },
): boolean {
  if (typeName === name) return true;
  const [declared, type] = [schema.getType(typeName), schema.getType(name)];
  const isBelow = isObjectType(type) || isInterfaceType(type);
  return isInterfaceType(declared) && isBelow && schema.isSubType(declared, type);
}
