/** Keeps callers from a subgraph that has just failed too often. */
export type CircuitBreaker = {
  /** Null while the subgraph is left alone: then it is not to be asked. */
  admit(): Attempt | null;
  /** Whether the last answers were good enough. */
  readonly isClosed: boolean;
};

/** One admitted request; its end is told exactly once. */
export type Attempt = {
  /** `given up` says nothing about the subgraph: the client left, or we had no room. */
  end(outcome: 'answered' | 'failed' | 'given up'): void;
};

/**
 * Opens when `failures` of the last `window` requests failed. After `restMs` one request may try:
 * if it is answered everybody may ask again, if it fails the rest begins anew. Nobody waits for the
 * one who tries, since a subgraph that hangs would make all of them hang.
 */
export function createCircuitBreaker({
  window,
  failures,
  restMs,
  onChange = () => undefined,
  now = Date.now,
}: {
  window: number;
  failures: number;
  restMs: number;
  onChange?: (state: CircuitState['kind']) => void;
  now?: () => number;
}): CircuitBreaker {
  let state: CircuitState = { kind: 'closed', recent: [] };
  const enter = (next: CircuitState): void => {
    state = next;
    onChange(next.kind);
  };
  const admitted = (during: CircuitState): Attempt => ({
    end(outcome) {
      // What was asked before the last change says nothing about the time after it.
      if (state !== during) return;
      if (during.kind === 'closed') {
        if (outcome !== 'given up' && isTooMuch(during, outcome)) {
          enter({ kind: 'open', until: now() + restMs });
        }
      } else if (outcome === 'answered') enter({ kind: 'closed', recent: [] });
      // Who was given up has learned nothing, so that the next caller may try.
      else enter({ kind: 'open', until: outcome === 'failed' ? now() + restMs : now() });
    },
  });
  const isTooMuch = ({ recent }: ClosedState, outcome: 'answered' | 'failed'): boolean => {
    recent.push(outcome === 'failed');
    if (recent.length > window) recent.shift();
    return outcome === 'failed' && recent.filter(Boolean).length >= failures;
  };
  return {
    admit() {
      if (state.kind === 'closed') return admitted(state);
      if (state.kind === 'trying' || now() < state.until) return null;
      enter({ kind: 'trying' });
      return admitted(state);
    },
    get isClosed() {
      return state.kind === 'closed';
    },
  };
}

type ClosedState = { kind: 'closed'; recent: boolean[] };

/** `recent` tells of each of the last requests whether it failed. */
export type CircuitState = ClosedState | { kind: 'open'; until: number } | { kind: 'trying' };
