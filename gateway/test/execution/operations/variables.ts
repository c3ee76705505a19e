import { GraphQLNonNull, Kind, isNonNullType, parseType } from 'graphql';
import type { GraphQLInputType, NameNode, VariableDefinitionNode, VariableNode } from 'graphql';
import { constantOf, jsonOf } from './inputs.ts';
import type { VariableMaker } from './inputs.ts';
import type { Tape } from './tape.ts';

// `__proto__` is missing: graphql-js itself, which is the oracle, loses such a variable.
const NAMES = ['v', 'constructor', 'toString', 'representations', 'hasOwnProperty', 'if', 'then'];

/** The variables of an operation: each has a definition, and a value unless it may do without. */
export class Variables {
  readonly definitions: VariableDefinitionNode[] = [];
  readonly values: Record<string, unknown> = {};
  readonly #tape: Tape;
  readonly #flags: string[] = [];

  constructor(tape: Tape) {
    this.#tape = tape;
  }

  /** Makes a variable for some of the places of an argument. */
  maker(): VariableMaker {
    return (type, hasDefault) =>
      this.#tape.chance(30) ? this.#define(type, hasDefault) : undefined;
  }

  /** A Boolean with the value: a new one, or one that is there already. */
  boolean(type: GraphQLNonNull<GraphQLInputType>, value: boolean): VariableNode {
    const known = this.#tape.chance(40) ? this.#tape.pick(this.#flags) : undefined;
    if (known !== undefined) return variableNode(known);
    const name = this.#newName();
    this.#flags.push(name);
    this.#declare(name, type);
    this.values[name] = value;
    return variableNode(name);
  }

  #define(type: GraphQLInputType, hasDefault: boolean): VariableNode {
    const tape = this.#tape;
    const name = this.#newName();
    const isStricter = !isNonNullType(type) && tape.chance(20);
    const declared = isStricter ? new GraphQLNonNull(type) : type;
    const isRequired = isNonNullType(declared);
    // A place with a default takes a variable that may be missing.
    const isLoose = isNonNullType(type) && hasDefault && tape.chance(50);
    const defaultValue = !isLoose && tape.chance(30) ? constantOf(declared, tape) : undefined;
    const shown = isLoose ? (type as GraphQLNonNull<GraphQLInputType>).ofType : declared;
    this.#declare(name, shown, defaultValue);
    const isLeftOut = (defaultValue || !isRequired || isLoose) && tape.chance(40);
    if (!isLeftOut) this.values[name] = jsonOf(constantOf(declared, tape), tape);
    return variableNode(name);
  }

  #declare(
    name: string,
    type: GraphQLInputType,
    defaultValue?: VariableDefinitionNode['defaultValue'],
  ): void {
    this.definitions.push({
      kind: Kind.VARIABLE_DEFINITION,
      variable: variableNode(name),
      type: parseType(String(type), { noLocation: true }),
      ...(defaultValue ? { defaultValue } : {}),
    });
  }

  #newName(): string {
    const count = this.definitions.length;
    return NAMES[count] ?? `v${count}`;
  }
}

export function nameNode(value: string): NameNode {
  return { kind: Kind.NAME, value };
}

function variableNode(name: string): VariableNode {
  return { kind: Kind.VARIABLE, name: nameNode(name) };
}
