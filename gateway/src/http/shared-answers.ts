/** Answers that are being made, and who else waits for them. */
export type SharedAnswers<V, A> = {
  /** True when an equal answer is being made: then `visitor` hears of it. */
  join(key: string, visitor: V): boolean;
  /** Begins one. Its end must be told, once or more. */
  begin(key: string): PendingAnswer<A>;
};

/** One answer that is being made. */
export type PendingAnswer<A> = {
  /** Whether anybody else waits for it. */
  readonly isAwaited: boolean;
  /** With nothing when there was none, such as when the client of the first one left. */
  end(answer?: A): void;
};

/** Whoever asks while an equal answer is being made gets that one, or word that there is none. */
export function createSharedAnswers<V, A>({
  onAnswer,
  onNothing,
}: {
  onAnswer: (visitor: V, answer: A) => void;
  onNothing: (visitor: V) => void;
}): SharedAnswers<V, A> {
  const pending = new Map<string, V[]>();
  return {
    join(key, visitor) {
      const others = pending.get(key);
      others?.push(visitor);
      return others !== undefined;
    },
    begin(key) {
      const others: V[] = [];
      pending.set(key, others);
      return {
        get isAwaited() {
          return others.length > 0;
        },
        end(answer) {
          if (pending.get(key) !== others) return;
          pending.delete(key);
          for (const visitor of others) {
            if (answer !== undefined) onAnswer(visitor, answer);
            else onNothing(visitor);
          }
        },
      };
    },
  };
}
