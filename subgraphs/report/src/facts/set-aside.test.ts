import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import type { FactWorld } from '../../test/fact-world.ts';
import { createFactWorld } from '../../test/fact-world.ts';
import {
  emit,
  projectAll,
  routeFinished,
  somewhere,
  stopFinished,
} from '../../test/route-events.ts';

let world: FactWorld;

before(async () => {
  world = await createFactWorld();
});
after(() => world.drop());

test('an event that breaks is set aside with the reason, and everything beside it goes on', async () => {
  const place = somewhere();
  const good = Array.from({ length: 9 }, () => stopFinished(place));
  const broken = [
    stopFinished(place, { orderCount: 'many' }),
    stopFinished(place, { plannedArrival: undefined }),
    stopFinished(place, { outcome: 'LOST' }),
    stopFinished(place, { serviceDate: undefined }),
    stopFinished(somewhere({ serviceDate: '9999-12-31' })),
  ];
  const mixed = good.flatMap((event, index) => [event, ...broken.slice(index, index + 1)]);
  await emit(world.sql, ...mixed, routeFinished(place));
  assert.deepEqual(await projectAll(world.postgres), { events: 15, setAside: 5 });

  const aside = await world.rows<{ subject_id: string; reason: string }>(
    'select subject_id, reason from report.set_aside_events order by position',
  );
  assert.deepEqual(
    aside.map((row) => row.subject_id),
    broken.map(({ subjectId }) => subjectId),
  );
  assert.match(aside[0]?.reason ?? '', /^invalid input syntax for type integer: "many"/);
  assert.match(aside[1]?.reason ?? '', /^null value in column "planned_arrival"/);
  const facts = await world.rows(
    'select 1 from report.stop_facts where route_id = $1 and allocated_cost is not null',
    [place.routeId],
  );
  assert.equal(facts.length, 9);
});
