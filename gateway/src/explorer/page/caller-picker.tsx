import type { ReactNode } from 'react';
import type { Caller, CallerKind } from './settings.ts';

/** The bar above the editor: as whom to call, and what that one may do. */
export function CallerPicker({
  callers,
  chosen,
  onChoose,
}: {
  callers: readonly Caller[];
  chosen: Caller;
  onChoose: (caller: Caller) => void;
}): ReactNode {
  const choose = (id: string) => {
    const caller = callers.find((candidate) => candidate.id === id);
    if (caller) onChoose(caller);
  };
  return (
    <header className="bar">
      <span className="brand">
        <span className="brand-mark" aria-hidden="true" />
        quantumroute
      </span>
      <label className="picker">
        <span>Call as</span>
        <select value={chosen.id} onChange={(event) => choose(event.target.value)}>
          {GROUPS.map(({ kind, title }) => (
            <CallerGroup key={kind} title={title} callers={callers.filter(isOfKind(kind))} />
          ))}
        </select>
      </label>
      <span className="scopes" title={chosen.scopes.join('\n')}>
        {chosen.scopes.map((scope) => (
          <code key={scope}>{scope}</code>
        ))}
      </span>
    </header>
  );
}

function CallerGroup({ title, callers }: { title: string; callers: readonly Caller[] }): ReactNode {
  if (callers.length === 0) return null;
  return (
    <optgroup label={title}>
      {callers.map(({ id, label }) => (
        <option key={id} value={id}>
          {label}
        </option>
      ))}
    </optgroup>
  );
}

const GROUPS: readonly { kind: CallerKind; title: string }[] = [
  { kind: 'user', title: 'Teams' },
  { kind: 'driver', title: 'Drivers' },
  { kind: 'partner', title: 'Partners (registered operations only)' },
  { kind: 'anonymous', title: 'Nobody' },
];

function isOfKind(kind: CallerKind): (caller: Caller) => boolean {
  return (caller) => caller.kind === kind;
}
