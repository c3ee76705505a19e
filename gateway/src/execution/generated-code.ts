import { failure } from '@quantumroute/ops/failures';

/**
 * Code that is generated, and the only place that turns text into functions. What is put into it
 * are names of GraphQL (`nameIn`), numbers and JSON (`textIn`): never anything that a client or a
 * subgraph could have chosen freely.
 */
export type GeneratedCode = {
  /** Adds the declaration of a function. */
  add(declaration: string): void;
  /** Makes a value known to the code, and gives the name that it has there. */
  constant(value: unknown): string;
  /** A number that nothing else has. */
  next(): number;
  /** Runs the code once; gives the value of an expression in it. */
  compile(expression: string): unknown;
  readonly characters: number;
};

/** No code yet. More than `maxCharacters` refuses the operation. */
export function createGeneratedCode({
  maxCharacters = MOST_CHARACTERS,
}: { maxCharacters?: number } = {}): GeneratedCode {
  const declarations: string[] = [];
  const constants: unknown[] = [];
  let count = 0;
  let characters = 0;
  return {
    add(declaration) {
      characters += declaration.length;
      if (characters > maxCharacters) {
        throw failure('OPERATION_TOO_EXPENSIVE', 'The operation has too many different selections');
      }
      declarations.push(declaration);
    },
    constant(value) {
      const known = constants.indexOf(value);
      return `k${known === -1 ? constants.push(value) - 1 : known}`;
    },
    next: () => (count += 1),
    compile(expression) {
      const names = constants.map((_, index) => `k${index}`);
      const body = `'use strict';\n${declarations.join('\n')}\nreturn ${expression};`;
      // oxlint-disable-next-line typescript/no-implied-eval -- the point of this file
      return new Function(...names, body)(...constants) as unknown;
    },
    get characters() {
      return characters;
    },
  };
}

const MOST_CHARACTERS = 1_000_000;

/** A name, to be part of an identifier or property: throws for anything that is none of GraphQL. */
export function nameIn(name: string): string {
  if (!/^[_A-Za-z][_0-9A-Za-z]*$/.test(name)) throw new Error('This is not a name of GraphQL');
  return name;
}

/** A text, as a literal. */
export function textIn(text: string): string {
  // The two line separators are allowed in JSON and, since ES2019, in literals; nothing else differs.
  return JSON.stringify(text);
}
