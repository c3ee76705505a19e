import { GraphQLBoolean, GraphQLNonNull, Kind } from 'graphql';
import type { DirectiveNode } from 'graphql';
import type { Tape } from './tape.ts';
import { nameNode } from './variables.ts';
import type { Variables } from './variables.ts';

/** @skip, @include, both or (mostly) none, by literals and by variables. */
export function conditionsOf(tape: Tape, variables: Variables): DirectiveNode[] {
  const roll = tape.next(20);
  if (roll < 16) return [];
  const skip = roll !== 16 ? [condition('skip', 30)] : [];
  const include = roll === 16 || roll === 19 ? [condition('include', 70)] : [];
  return [...skip, ...include];

  function condition(name: string, percentTrue: number): DirectiveNode {
    const value = tape.chance(60)
      ? variables.boolean(new GraphQLNonNull(GraphQLBoolean), tape.chance(percentTrue))
      : ({ kind: Kind.BOOLEAN, value: tape.chance(percentTrue) } as const);
    const argument = { kind: Kind.ARGUMENT, name: nameNode('if'), value } as const;
    return { kind: Kind.DIRECTIVE, name: nameNode(name), arguments: [argument] };
  }
}
