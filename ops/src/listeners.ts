/** Who waits for events, by what they wait for. */
export type Listeners<E> = Map<string, Set<(event: E) => void>>;

/** Adds a listener and gives what removes it; a key without listeners leaves nothing behind. */
export function addListener<E>(
  listeners: Listeners<E>,
  key: string,
  listener: (event: E) => void,
): () => void {
  const known = listeners.get(key) ?? new Set();
  listeners.set(key, known.add(listener));
  return () => {
    known.delete(listener);
    if (known.size === 0 && listeners.get(key) === known) listeners.delete(key);
  };
}
