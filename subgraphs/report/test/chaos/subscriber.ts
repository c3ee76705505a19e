import { setTimeout as sleep } from 'node:timers/promises';

import type { Identity } from '@quantumroute/ops/identity';

import type { ReportService } from '../report-service.ts';

/** What somebody who watched a report was told, over all of his connections. */
export type Told = { statuses: string[]; versions: number[]; reconnects: number };

const QUERY = 'subscription ($id: ID!) { reportUpdated(id: $id) { version status } }';
const FINAL = ['SUCCEEDED', 'FAILED', 'CANCELED', 'EXPIRED'];

/** Watches a report until he is told its end; comes back whenever his subscription breaks. */
export async function followReport(
  { server }: ReportService,
  { id, identity, signal }: { id: string; identity: Identity; signal: AbortSignal },
): Promise<Told> {
  const told: Told = { statuses: [], versions: [], reconnects: 0 };
  while (!signal.aborted) {
    try {
      const stream = await server.subscribe({ query: QUERY, identity, variables: { id } });
      for await (const frame of stream as AsyncIterable<Frame>) {
        const state = frame.data?.reportUpdated;
        if (!state) break;
        told.statuses.push(state.status);
        told.versions.push(state.version);
        if (FINAL.includes(state.status)) return told;
      }
    } catch {
      // The database is away: as a client would, he tries again.
    }
    told.reconnects += 1;
    await sleep(250);
  }
  return told;
}

type Frame = { data?: { reportUpdated: { version: number; status: string } | null } | null };
