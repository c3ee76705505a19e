import { createRandom } from '../../data/random.ts';
import type { Crew, Depot, Organization, World } from './world.ts';
import { DATA_FROM, DAYS } from './world.ts';

/** Lines of COPY's text format for bench.stops and bench.stop_events; a chunk is a day of a depot. */
export type Chunk = {
  readonly stops: string;
  readonly events: string;
  readonly stopCount: number;
  readonly eventCount: number;
};

const DAY_MS = 86_400_000;
const FIRST_STOP_MS = 6 * 3_600_000;
const WINDOW_MS = 2 * 3_600_000;

/** Day after day, as it would have come in. The same at every run. */
export function* stopChunks(world: World): Generator<Chunk> {
  const ids: Ids = { route: 0, stop: 0, event: 0 };
  const first = Date.parse(DATA_FROM);
  for (let day = 0; day < DAYS; day += 1) {
    for (const organization of world.organizations) {
      for (const depot of organization.depots) {
        yield depotDay({ organization, depot, at: first + day * DAY_MS, ids });
      }
    }
  }
}

type Ids = { route: number; stop: number; event: number };
type DepotDay = { organization: Organization; depot: Depot; at: number; ids: Ids };

function depotDay({ organization, depot, at, ids }: DepotDay): Chunk {
  const random = createRandom(`${depot.code}/${at}`);
  let [stops, events] = ['', ''];
  const before = { ...ids };
  for (const crew of depot.crews) {
    const count = random.integer(42, 60);
    const keys = keysOf({ organization, depot, crew, route: uuid('1', (ids.route += 1)) });
    let planned = at + FIRST_STOP_MS;
    let actual = planned + random.integer(-600, 600) * 1000;
    for (let sequence = 1; sequence <= count; sequence += 1) {
      const stop = uuid('2', (ids.stop += 1));
      const drive = random.integer(90, 600);
      const service = random.integer(60, 240);
      planned += drive * 1000;
      actual += Math.round(drive * random.between(0.9, 1.16)) * 1000;
      const partner = random.chance(0.8) ? random.integer(0, organization.partners.length - 1) : -1;
      const start = planned - random.integer(600, 5_400) * 1000;
      stops += `${stop}\t${keys}\t${organization.partners[partner] ?? '\\N'}\t${sequence}\t${time(start)}\t${time(start + WINDOW_MS)}\t${time(planned)}\t${service}\t${drive * 9}\t${drive}\t${random.integer(500, 20_000)}\t${random.integer(1, 60)}\n`;
      const left = actual + Math.round(service * random.between(0.5, 1.8)) * 1000;
      const outcome = random.chance(0.035) ? 'FAILED' : 'COMPLETED';
      events += `${(ids.event += 1)}\t${stop}\tARRIVED\t${time(actual)}\n`;
      events += `${(ids.event += 1)}\t${stop}\t${outcome}\t${time(left - 10_000)}\n`;
      events += `${(ids.event += 1)}\t${stop}\tDEPARTED\t${time(left)}\n`;
      planned += service * 1000;
      actual = left;
    }
  }
  return {
    stops,
    events,
    stopCount: ids.stop - before.stop,
    eventCount: ids.event - before.event,
  };
}

function keysOf(of: { organization: Organization; depot: Depot; crew: Crew; route: string }) {
  const { organization, depot, crew, route } = of;
  return [organization.id, depot.id, route, crew.vehicle, crew.driver].join('\t');
}

/** Like UUIDv7: later ones are larger. `kind` is a digit that keeps routes and stops apart. */
function uuid(kind: string, number: number): string {
  return `0194201${kind}-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
}

let minute = -1;
let minuteText = '';

/** Neighbouring instants are of the same minute, mostly. */
function time(at: number): string {
  const of = Math.floor(at / 60_000);
  if (of !== minute) {
    minute = of;
    minuteText = new Date(at).toISOString().slice(0, 17);
  }
  const seconds = Math.floor(at / 1000) % 60;
  return `${minuteText}${seconds < 10 ? '0' : ''}${seconds}Z`;
}
