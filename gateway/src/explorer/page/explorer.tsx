import { GraphiQL, type GraphiQLProps } from 'graphiql';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { fetcherFor } from './call.ts';
import { CallerPicker } from './caller-picker.tsx';
import { openTabs, type Tab } from './open-tabs.ts';
import type { Caller, Settings } from './settings.ts';
import { rememberCaller, rememberedCaller, storageFor, tabInFront } from './storage.ts';

/** The whole page: choosing a caller opens an editor of its own with that caller's examples. */
export function Explorer({ settings }: { settings: Settings }): ReactNode {
  const { callers } = settings;
  const [caller, setCaller] = useState(() => rememberedCaller(callers));
  if (caller === undefined) return <p className="notice">There is nobody to call as.</p>;
  const choose = (chosen: Caller) => {
    rememberCaller(chosen.id);
    setCaller(chosen);
  };
  return (
    <>
      <CallerPicker callers={callers} chosen={caller} onChoose={choose} />
      <main className="editor">
        <CallerEditor key={caller.id} caller={caller} settings={settings} />
      </main>
    </>
  );
}

function CallerEditor({ caller, settings }: { caller: Caller; settings: Settings }): ReactNode {
  const [tabs, setTabs] = useState<Tab[] | null>(null);
  const fetcher = useMemo(() => fetcherFor(caller, settings), [caller, settings]);
  const storage = useMemo(() => storageFor(caller.id), [caller.id]);
  useEffect(() => {
    let isGone = false;
    void openTabs(caller, settings).then((opened) => {
      if (!isGone) setTabs(opened);
    });
    return () => {
      isGone = true;
    };
  }, [caller, settings]);
  const start = useMemo(() => tabs && startingProps(tabs, caller), [tabs, caller]);
  if (start === null) return <p className="notice">Opening the examples …</p>;
  return (
    <GraphiQL
      fetcher={fetcher}
      storage={storage}
      {...start}
      defaultEditorToolsVisibility="variables"
      showPersistHeadersSettings={false}
    >
      <GraphiQL.Logo>{null}</GraphiQL.Logo>
    </GraphiQL>
  );
}

/** GraphiQL shows the variables of its first tab only when they are given once more, by themselves. */
function startingProps([first, ...others]: readonly Tab[], caller: Caller): Partial<GraphiQLProps> {
  const tab = tabInFront(caller.id);
  if (tab !== null) return { initialQuery: tab.query, initialVariables: tab.variables };
  if (first === undefined) return {};
  return { defaultTabs: [first, ...others], initialVariables: first.variables ?? '' };
}
