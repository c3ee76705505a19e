import {
  Kind,
  OperationTypeNode,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  isRequiredArgument,
  print,
  validate,
} from 'graphql';
import type {
  ArgumentNode,
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLArgument,
  GraphQLCompositeType,
  GraphQLField,
  GraphQLSchema,
  SelectionNode,
  SelectionSetNode,
} from 'graphql';
import { conditionsOf } from './conditions.ts';
import { literalOf } from './inputs.ts';
import { TREACHEROUS_NAMES } from './names.ts';
import { ResponseNames } from './response-names.ts';
import type { Naming } from './response-names.ts';
import type { Tape } from './tape.ts';
import { Variables, nameNode } from './variables.ts';

/** An operation that is valid, with values for its variables. */
export type RandomOperation = {
  document: DocumentNode;
  operationName: string | null;
  variables: Record<string, unknown>;
};

/** Which operations are wanted. */
export type OperationOptions = {
  root?: OperationTypeNode;
  /** Fields that may not be selected, as `Type.field`. */
  without?: ReadonlySet<string>;
  mostDepth?: number;
};

/**
 * Builds an operation from the choices of a tape. Response names are taken from few, so that fields
 * meet and have to be merged; where that gives a conflict, each field gets a name of its own.
 */
export function operationOf(
  schema: GraphQLSchema,
  makeTape: () => Tape,
  options: OperationOptions = {},
): RandomOperation {
  const daring = new Builder(schema, { tape: makeTape(), options, naming: 'daring' }).build();
  if (validate(schema, daring.document).length === 0) return daring;
  const careful = new Builder(schema, { tape: makeTape(), options, naming: 'careful' }).build();
  const errors = validate(schema, careful.document);
  if (errors.length === 0) return careful;
  const why = errors.map(({ message }) => message).join('\n');
  throw new Error(`Needs a valid operation, got ${print(careful.document)}\n${why}`);
}

type Field = GraphQLField<unknown, unknown>;
/** `fragments` counts those around the place, up to the next field. */
type Place = { type: GraphQLCompositeType; depth: number; fragments: number };

class Builder {
  readonly #schema: GraphQLSchema;
  readonly #tape: Tape;
  readonly #variables: Variables;
  readonly #fragments: { definition: FragmentDefinitionNode; type: GraphQLCompositeType }[] = [];
  readonly #options: OperationOptions;
  readonly #names: ResponseNames;

  constructor(
    schema: GraphQLSchema,
    given: { tape: Tape; options: OperationOptions; naming: Naming },
  ) {
    this.#schema = schema;
    this.#tape = given.tape;
    this.#options = given.options;
    this.#names = new ResponseNames(given.tape, given.naming);
    this.#variables = new Variables(given.tape);
  }

  build(): RandomOperation {
    const operation = this.#options.root ?? OperationTypeNode.QUERY;
    const type = this.#schema.getRootType(operation);
    if (!type) throw new Error(`Needs a root type for ${operation}`);
    const selectionSet = this.#selectionSet({ type, depth: 0, fragments: 0 });
    const name = this.#tape.chance(30) ? this.#tape.pick(TREACHEROUS_NAMES) : null;
    const document: DocumentNode = {
      kind: Kind.DOCUMENT,
      definitions: [
        {
          kind: Kind.OPERATION_DEFINITION,
          operation,
          ...(name === null ? {} : { name: nameNode(name) }),
          variableDefinitions: this.#variables.definitions,
          selectionSet,
        },
        ...this.#fragments.map(({ definition }) => definition),
      ],
    };
    const operationName = this.#tape.chance(50) ? name : null;
    return { document, operationName, variables: this.#variables.values };
  }

  #selectionSet(place: Place): SelectionSetNode {
    const least = place.depth < 3 && !this.#tape.isAtEnd ? 2 : 1;
    const count = least + this.#tape.next(4);
    const selections: SelectionNode[] = [];
    for (let index = 0; index < count; index += 1) {
      if (index > 0 && this.#tape.isAtEnd) break;
      const selection = this.#tape.share(count - index, () => this.#selection(place, selections));
      selections.push(selection);
    }
    return { kind: Kind.SELECTION_SET, selections };
  }

  #selection(place: Place, before: readonly SelectionNode[]): SelectionNode {
    const roll = this.#tape.next(20);
    const selection = this.#unconditional(place, roll, before);
    const directives = conditionsOf(this.#tape, this.#variables);
    return directives.length > 0 ? { ...selection, directives } : selection;
  }

  #unconditional(place: Place, roll: number, before: readonly SelectionNode[]): SelectionNode {
    // Fragments in fragments in fragments would use up the tape.
    if (roll >= 17 && place.fragments < 3) return this.#spread(place);
    if (roll >= 14 && place.fragments < 2) return this.#inlineFragment(place);
    if (roll === 13) return this.#typename();
    if (roll === 12) return this.#again(place, before);
    return this.#field(place) ?? this.#inlineFragmentOfObject(place);
  }

  #typename(): FieldNode {
    const isAliased = this.#tape.chance(20);
    const alias = isAliased ? { alias: nameNode(`t${this.#tape.next(2)}`) } : {};
    return { kind: Kind.FIELD, name: nameNode('__typename'), ...alias };
  }

  /** A field that was selected already, with other fields below it. */
  #again(place: Place, before: readonly SelectionNode[]): SelectionNode {
    const fields = before.filter((it) => it.kind === Kind.FIELD);
    const earlier = this.#tape.pick(fields);
    const field = earlier && this.#fieldsOf(place).find((it) => it.name === earlier.name.value);
    if (!field || !earlier) return this.#typename();
    const { directives: _, selectionSet: __, ...same } = earlier;
    return { ...same, ...this.#below(field, place) };
  }

  #field(place: Place): FieldNode | null {
    const field = this.#tape.pick(this.#fieldsOf(place));
    if (!field) return null;
    const args = field.args.flatMap((arg) => this.#argument(arg));
    const name = this.#names.of({ type: place.type, field, args });
    return {
      kind: Kind.FIELD,
      name: nameNode(field.name),
      ...(name === field.name ? {} : { alias: nameNode(name) }),
      arguments: args,
      ...this.#below(field, place),
    };
  }

  #below(field: Field, { depth }: Place): { selectionSet?: SelectionSetNode } {
    const type = getNamedType(field.type);
    return isCompositeType(type)
      ? { selectionSet: this.#selectionSet({ type, depth: depth + 1, fragments: 0 }) }
      : {};
  }

  #fieldsOf({ type, depth }: Place): Field[] {
    if (!isObjectType(type) && !isInterfaceType(type)) return [];
    const isDeep = depth >= (this.#options.mostDepth ?? 4) || this.#tape.isAtEnd;
    const fields = Object.values(type.getFields()).filter((field) => this.#isWanted(type, field));
    const flat = fields.filter((field) => !isCompositeType(getNamedType(field.type)));
    if (isDeep) return flat;
    // Whatever leads further leads to other subgraphs too.
    const further = fields.filter((field) => !flat.includes(field));
    return depth < 4 && further.length > 0 && this.#tape.chance(70) ? further : fields;
  }

  #isWanted(type: GraphQLCompositeType, { name }: Field): boolean {
    const { without } = this.#options;
    if (!without) return true;
    const types = isAbstractType(type) ? this.#schema.getPossibleTypes(type) : [type];
    return !types.some((it) => without.has(`${it.name}.${name}`));
  }

  #argument(arg: GraphQLArgument): ArgumentNode[] {
    if (!isRequiredArgument(arg) && !this.#tape.chance(50)) return [];
    const variable = this.#variables.maker();
    const value =
      variable(arg.type, arg.defaultValue !== undefined) ??
      literalOf(arg.type, { tape: this.#tape, variable });
    return [{ kind: Kind.ARGUMENT, name: nameNode(arg.name), value }];
  }

  #inlineFragment(place: Place): SelectionNode {
    const type = this.#tape.chance(70) ? this.#overlapping(place.type) : null;
    const within = inside(place, type ?? place.type);
    return {
      kind: Kind.INLINE_FRAGMENT,
      ...(type ? { typeCondition: namedTypeNode(type) } : {}),
      selectionSet: this.#selectionSet(within),
    };
  }

  #inlineFragmentOfObject(place: Place): SelectionNode {
    const { type } = place;
    const object = this.#tape.pick(isAbstractType(type) ? this.#schema.getPossibleTypes(type) : []);
    if (this.#tape.isAtEnd || !object) return this.#typename();
    return {
      kind: Kind.INLINE_FRAGMENT,
      typeCondition: namedTypeNode(object),
      selectionSet: this.#selectionSet(inside(place, object)),
    };
  }

  #spread(place: Place): SelectionNode {
    const fitting = this.#fragments.filter(({ type }) => this.#isOverlapping(type, place.type));
    const known = this.#tape.chance(50) ? this.#tape.pick(fitting) : undefined;
    const name = known?.definition.name.value ?? this.#newFragment(place);
    return { kind: Kind.FRAGMENT_SPREAD, name: nameNode(name) };
  }

  #newFragment(place: Place): string {
    const type = this.#overlapping(place.type);
    // What is inside comes first, so that no fragment can contain itself.
    const selectionSet = this.#selectionSet(inside(place, type));
    const treacherous = TREACHEROUS_NAMES[this.#fragments.length % TREACHEROUS_NAMES.length] ?? 'f';
    const name = this.#tape.chance(30)
      ? `${treacherous}${this.#fragments.length || ''}`
      : `f${this.#fragments.length}`;
    this.#fragments.push({
      type,
      definition: {
        kind: Kind.FRAGMENT_DEFINITION,
        name: nameNode(name),
        typeCondition: namedTypeNode(type),
        selectionSet,
      },
    });
    return name;
  }

  #overlapping(type: GraphQLCompositeType): GraphQLCompositeType {
    const types = Object.values(this.#schema.getTypeMap()).filter(
      (it): it is GraphQLCompositeType =>
        isCompositeType(it) && !it.name.startsWith('__') && this.#isOverlapping(it, type),
    );
    return this.#tape.pick(types) ?? type;
  }

  #isOverlapping(one: GraphQLCompositeType, other: GraphQLCompositeType): boolean {
    const possible = (type: GraphQLCompositeType) =>
      isAbstractType(type) ? this.#schema.getPossibleTypes(type) : [type];
    return possible(one).some((type) => possible(other).includes(type));
  }
}

function inside({ depth, fragments }: Place, type: GraphQLCompositeType): Place {
  return { type, depth, fragments: fragments + 1 };
}

function namedTypeNode(type: GraphQLCompositeType) {
  return { kind: Kind.NAMED_TYPE, name: nameNode(type.name) } as const;
}
