import type { ClientBase } from 'pg';
import type { Progress } from '../load/progress.ts';
import { readEmissionFactors } from '../fleet/energy.ts';
import { apiKeyRows, fleetRows } from '../fleet/fleet-rows.ts';
import { analyzeAsTheyDouble, settle } from '../load/analyze.ts';
import { copyRows } from '../load/copy-rows.ts';
import { mergeRows } from '../load/rows.ts';
import { trustGenerator } from '../load/trust-generator.ts';
import { LARKFIELD } from '../demo-identities.ts';
import { demoFleet } from './demo-fleet.ts';
import { enterPart, loadedParts, openLedger } from './ledger.ts';
import { loadPart } from './load-part.ts';
import { partKey, partsAt } from './parts.ts';
import type { DemoSize, Part } from './parts.ts';

/**
 * Brings the demo data of a database up to the day that it is, in one transaction. Does nothing,
 * in a few milliseconds, when all is there. Returns how many rows it wrote.
 */
export async function loadDemo(
  client: ClientBase,
  { size, now = Date.now(), progress }: { size: DemoSize; now?: number; progress: Progress },
): Promise<number> {
  const organizations = demoFleet({ crewsPerDepot: size.crewsPerDepot });
  const depots = organizations.flatMap((organization) => organization.depots);
  const wanted = partsAt(now, depots, size);
  const missing = (loaded: ReadonlySet<string>): Part[] =>
    wanted.filter((part) => !loaded.has(partKey(part)));
  if (missing(await loadedParts(client)).length === 0) return 0;

  await client.query('begin');
  let rows = 0;
  try {
    await openLedger(client);
    await trustGenerator(client);
    const loaded = await loadedParts(client);
    if (!(await hasFleet(client))) {
      rows += await copyRows(client, mergeRows([fleetRows(organizations), apiKeyRows()]));
    }
    const parts = missing(loaded);
    const factors = await readEmissionFactors(client);
    for (const [index, part] of parts.entries()) {
      rows += await loadPart(client, part, { size, now, loaded, factors });
      await enterPart(client, part);
      await analyzeAsTheyDouble(client, index + 1);
      progress.report({ done: index + 1, of: parts.length, rows, what: partKey(part) });
    }
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
  await settle(client);
  return rows;
}

async function hasFleet(client: ClientBase): Promise<boolean> {
  const { rowCount } = await client.query('select from fleet.organizations where id = $1', [
    LARKFIELD,
  ]);
  return rowCount !== 0;
}
