import type { Storage } from '@graphiql/toolkit';

/**
 * What somebody typed belongs to the caller it was typed for, and goes when the browser's tab is
 * closed: examples carry today's date. Theme, sizes and history are the same for all, and stay.
 */
export function storageFor(callerId: string): Storage {
  const isOfCaller = (key: string) => PER_CALLER.some((name) => key === `graphiql:${name}`);
  const placeOf = (key: string) => (isOfCaller(key) ? sessionStorage : localStorage);
  const nameOf = (key: string) => (isOfCaller(key) ? `${callerId}:${key}` : key);
  return {
    get length() {
      return localStorage.length;
    },
    getItem: (key) => placeOf(key).getItem(nameOf(key)),
    setItem: (key, value) => placeOf(key).setItem(nameOf(key), value),
    removeItem: (key) => placeOf(key).removeItem(nameOf(key)),
    clear: () => {
      localStorage.clear();
      sessionStorage.clear();
    },
  };
}

/** The tab that was in front before a reload; null when the page is opened for the first time. */
export function tabInFront(callerId: string): { query: string; variables: string } | null {
  const text = storageFor(callerId).getItem('graphiql:tabState');
  const state = text === null ? null : (JSON.parse(text) as StoredTabs);
  const tab = state?.tabs[state.activeTabIndex];
  return tab === undefined ? null : { query: tab.query ?? '', variables: tab.variables ?? '' };
}

type StoredTabs = {
  readonly activeTabIndex: number;
  readonly tabs: readonly { readonly query: string | null; readonly variables: string | null }[];
};

const PER_CALLER = ['tabState', 'query', 'variables', 'headers', 'operationName'];

const CHOSEN = 'quantumroute:caller';

/** `?as=` in the address, or whoever was chosen last, or the first. */
export function rememberedCaller<T extends { readonly id: string }>(
  callers: readonly T[],
): T | undefined {
  const asked = new URLSearchParams(location.search).get('as') ?? localStorage.getItem(CHOSEN);
  return callers.find(({ id }) => id === asked) ?? callers[0];
}

export function rememberCaller(id: string): void {
  localStorage.setItem(CHOSEN, id);
  history.replaceState(null, '', `?as=${encodeURIComponent(id)}`);
}
