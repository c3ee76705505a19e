import type { HTTPGraphQLResponse } from '@apollo/server';

/** Answers that are being made, and who else waits for them. */
export type SharedAnswers<V> = {
  /** True when an equal answer is being made: then `visitor` hears of it. */
  join(key: string, visitor: V): boolean;
  /** Begins one. Its end must be told, once or more. */
  begin(key: string): PendingAnswer;
};

/** One answer that is being made. */
export type PendingAnswer = {
  /** With nothing when there was none, such as when the client of the first one left. */
  end(answer?: HTTPGraphQLResponse): void;
};

/** Whoever asks while an equal answer is being made gets that one, or word that there is none. */
export function createSharedAnswers<V>({
  onAnswer,
  onNothing,
}: {
  onAnswer: (visitor: V, answer: HTTPGraphQLResponse) => void;
  onNothing: (visitor: V) => void;
}): SharedAnswers<V> {
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
        end(answer) {
          if (pending.get(key) !== others) return;
          pending.delete(key);
          for (const visitor of others) {
            if (answer) onAnswer(visitor, answer);
            else onNothing(visitor);
          }
        },
      };
    },
  };
}
