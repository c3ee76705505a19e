import { GraphQLError } from 'graphql';
import type { HarbourRecord } from '../harbour/records.ts';

/** What a field does instead of its work. */
export type Effect =
  /** Its resolver throws: the subgraph answers with null and an error. */
  | { kind: 'throws' }
  /** Its resolver returns null: an error of the subgraph where null is not allowed. */
  | { kind: 'null' }
  /** The subgraph leaves the field out of its answer, without a word. */
  | { kind: 'absent' }
  /** The subgraph puts this JSON there, without a word. */
  | { kind: 'lie'; json: string }
  /** The same, for the first item of a list that has one. */
  | { kind: 'lie in list'; json: string };

/** A field that misbehaves for some objects, as the subgraph calls it. */
export type FieldFault = {
  subgraph: string;
  type: string;
  field: string;
  effect: Effect;
  /** It hits one of so many objects; 1 hits all. */
  oneOf: number;
  /** Which of them. */
  at: number;
};

/** The first fault that hits the field of an object, if any. */
export function faultOf(
  faults: readonly FieldFault[],
  on: { subgraph: string; type: string; field: string; source: HarbourRecord | undefined },
): FieldFault | undefined {
  return faults.find(
    (fault) =>
      fault.field === on.field &&
      fault.type === on.type &&
      fault.subgraph === on.subgraph &&
      hashOf(`${on.source?.ref ?? ''} ${fault.field}`) % fault.oneOf === fault.at % fault.oneOf,
  );
}

/** What the oracle gives for a field that is hit: what a client must find, whatever was sent. */
export function oracleValueOf({ effect }: FieldFault, value: () => unknown): unknown {
  if (effect.kind === 'null') return null;
  if (effect.kind === 'throws') throw new GraphQLError('Fault of the field: throws');
  // Whoever lies did its work: a mutation counts.
  const list = value();
  if (effect.kind === 'lie' && effect.json === 'null') return null;
  if (effect.kind !== 'lie in list') throw new GraphQLError(`Fault of the field: ${effect.kind}`);
  if (!Array.isArray(list) || list.length === 0) return list;
  const first = effect.json === 'null' ? null : new GraphQLError('Fault of the item');
  return [first, ...list.slice(1)];
}

function hashOf(text: string): number {
  let hash = 7;
  for (const char of text) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 1_000_003;
  return hash;
}
