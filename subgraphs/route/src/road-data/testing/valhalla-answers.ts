import type { GeoPoint } from '../../planning/travel/geo-point.ts';
import type { Answer, Question, World } from './world.ts';
import { wayBetween } from './world.ts';

type Location = { lat: number; lon: number; search_cutoff?: number };
type MatrixBody = { sources: Location[]; targets: Location[]; date_time?: { type: number } };

const MAX_PAIRS = 2_500;

/** valhalla_service: JSON in and out, kilometres, an error code of its own for each kind of refusal. */
export function answerAsValhalla({ method, path, body }: Question, world: World): Answer {
  if (method !== 'POST') return refuse(101, 'Try a POST or GET request instead');
  if (path === '/locate') return located(JSON.parse(body), world);
  if (path !== '/sources_to_targets') return refuse(106, 'Try any of', 404);
  return matrix(JSON.parse(body), world);
}

function matrix({ sources, targets, date_time: time }: MatrixBody, world: World): Answer {
  if (sources.length * targets.length > MAX_PAIRS) return refuse(150, 'Exceeded max locations');
  const isForbidden = sources.length > targets.length ? time?.type === 1 : time?.type === 2;
  if (isForbidden) return refuse(142, 'Time-dependent costing is not possible here');
  const isTooFar = (lat: number) => targets.some((to) => Math.abs(to.lat - lat) > world.maxDegrees);
  if (sources.some(({ lat }) => isTooFar(lat))) {
    return refuse(154, 'Path distance exceeds the max distance limit');
  }
  if ([...sources, ...targets].map(pointOf).some(world.isOffRoad)) {
    return refuse(171, 'No suitable edges near location');
  }
  const ways = sources.map((source, row) =>
    targets.map((target, column) => {
      const [from, to] = [pointOf(source), pointOf(target)];
      const { seconds, meters } = wayBetween(from, to);
      const isReachable = world.isReachable(from, to);
      return {
        from_index: row,
        to_index: column,
        time: isReachable ? Math.round(seconds) : null,
        distance: isReachable ? Number((meters / 1_000).toFixed(3)) : null,
      };
    }),
  );
  if (ways.flat().every((way) => way.time === null)) {
    return refuse(442, 'No path could be found for input');
  }
  return {
    status: 200,
    body: {
      sources_to_targets: ways,
      sources,
      targets,
      units: 'kilometers',
      algorithm: 'costmatrix',
    },
  };
}

function located({ locations }: { locations: Location[] }, world: World): Answer {
  const body = locations.map((location) => ({
    input_lat: location.lat,
    input_lon: location.lon,
    nodes: null,
    edges: world.isOffRoad(pointOf(location)) ? null : [{ way_id: 1, percent_along: 0.5 }],
  }));
  return { status: 200, body };
}

function refuse(code: number, error: string, status = 400): Answer {
  return { status, body: { error_code: code, error, status_code: status, status: 'Bad Request' } };
}

function pointOf({ lat, lon }: Location): GeoPoint {
  return { latitude: lat, longitude: lon };
}
