import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import type { FactWorld } from '../../test/fact-world.ts';
import { createFactWorld } from '../../test/fact-world.ts';
import { emit, projectAll, somewhere, stopFinished } from '../../test/route-events.ts';

let world: FactWorld;

before(async () => {
  world = await createFactWorld();
});
after(() => world.drop());

test('a projection that was restored from a dump reads on from the events that there are', async () => {
  const place = somewhere();
  const known = stopFinished(place);
  await emit(world.sql, known);
  await projectAll(world.postgres);
  await world.sql.query(
    `update report.projection set transaction_id = '8000000000', position = 1,
       marked_transaction_id = '8000000001', marked_at = now()`,
  );
  const fresh = stopFinished(place);
  await emit(world.sql, fresh);
  await projectAll(world.postgres);
  assert.deepEqual(
    await world.rows(
      'select stop_id, revision from report.stop_facts where route_id = $1 order by event_position',
      [place.routeId],
    ),
    [known, fresh].map(({ subjectId }) => ({ stop_id: subjectId, revision: 1 })),
  );
});
