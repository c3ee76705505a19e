import type { FieldFault } from '../faults/field-faults.ts';
import type { Owner } from './ownership.ts';

/** A subgraph that is down: what of the harbour is lost, told without the gateway. */
export type Outage = {
  subgraph: string;
  /** Each of its fields, failing. */
  faults: readonly FieldFault[];
  /** Fields of which nobody can say whether they are lost: it depends on the way to them. */
  without: ReadonlySet<string>;
};

/** One outage for each subgraph. */
export function outagesOf(owners: ReadonlyMap<string, Owner>): readonly [Outage, ...Outage[]] {
  const outage = (subgraph: string): Outage => ({
    subgraph,
    faults: [...owners.values()]
      .filter((owner) => owner.subgraph === subgraph)
      .map(({ type, field }) => {
        const effect = { kind: 'throws' } as const;
        return { subgraph, type, field, effect, oneOf: 1, at: 0 };
      }),
    without: new Set([...ANYBODYS_FIELDS, ...(FIELDS_BY_WAY_OF[subgraph] ?? [])]),
  });
  return [outage('yard'), ...['crew', 'tariff', 'feed', 'atlas'].map(outage)];
}

// Crew knows parcels by a code that only yard can turn into an id; whom the planner asks for that id
// where the client wants it, is up to him.
const ANYBODYS_FIELDS = ['Query.version', 'Query.latest', 'Query.recent', 'Person.carries'];

// Feed has to ask yard what kind of cargo it is about. A nick comes from feed with a note, and from crew otherwise.
const FIELDS_BY_WAY_OF: Readonly<Record<string, readonly string[]>> = {
  yard: ['Parcel.code', 'Query.topCargo', 'Note.about'],
  crew: ['Person.nick'],
};
