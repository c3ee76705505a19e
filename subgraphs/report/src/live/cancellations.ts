import { addListener } from '@quantumroute/ops/listeners';
import type { Listeners } from '@quantumroute/ops/listeners';
import type { EventConnection } from '@quantumroute/ops/organization-events';
import type { ReportUpdated } from '@quantumroute/schema/events';

import { subscribeToReports } from './report-events.ts';

/** Tells a worker at once that a report of its own was canceled; gives what stops the listening. */
export type OnCanceled = (reportId: string, listener: () => void) => () => void;

/** Hears of cancellations. What Redis forgets, heartbeats find: they are never missed, only late. */
export function listenForCancellations(connection: EventConnection): {
  onCanceled: OnCanceled;
  close(): Promise<void>;
} {
  const listeners: Listeners<ReportUpdated> = new Map();
  const events = subscribeToReports(connection, {
    onEvent: (event) => {
      if (event.status !== 'CANCELED') return;
      for (const listener of listeners.get(event.reportId) ?? []) listener(event);
    },
    onGap: () => undefined,
  });
  return {
    onCanceled: (reportId, listener) => addListener(listeners, reportId, listener),
    close: () => events.close(),
  };
}
