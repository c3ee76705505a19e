import { print } from 'graphql';
import type { ArgumentNode, GraphQLCompositeType, GraphQLField } from 'graphql';
import { TREACHEROUS_NAMES } from './names.ts';
import type { Tape } from './tape.ts';

/** Daring: few names for all, some of them of other fields. Careful: each field has its own. */
export type Naming = 'daring' | 'careful';

type Named = {
  type: GraphQLCompositeType;
  field: GraphQLField<unknown, unknown>;
  args: readonly ArgumentNode[];
};

/** Chooses what the fields of one operation are called in its answer. */
export class ResponseNames {
  readonly #tape: Tape;
  readonly #naming: Naming;
  readonly #own = new Map<string, string>();

  constructor(tape: Tape, naming: Naming) {
    this.#tape = tape;
    this.#naming = naming;
  }

  of(named: Named): string {
    return this.#naming === 'careful' ? this.#careful(named) : this.#daring(named);
  }

  #daring({ field }: Named): string {
    const roll = this.#tape.next(20);
    if (roll < 13) return field.name;
    if (roll < 16) return `a${this.#tape.next(3)}`;
    if (roll < 18) return this.#tape.pick(TREACHEROUS_NAMES);
    // The names of other fields: of keys and of fields that others require.
    return this.#tape.pick(['id', 'label', 'weightKg', 'measure', 'site', 'code', 'toll', 'nick']);
  }

  /** The same name for the same field with the same arguments, and for no other. */
  #careful({ type, field, args }: Named): string {
    const signature = `${type.name}.${field.name}(${args.map(print).join()})`;
    const known = this.#own.get(signature);
    if (known !== undefined) return known;
    const candidates = [field.name, ...TREACHEROUS_NAMES, `own${this.#own.size}`];
    const taken = new Set(this.#own.values());
    const start = this.#tape.chance(30) ? 1 + this.#tape.next(TREACHEROUS_NAMES.length) : 0;
    const name = candidates.slice(start).find((it) => !taken.has(it)) ?? 'none';
    this.#own.set(signature, name);
    return name;
  }
}
