import type { GeoPoint } from '../../planning/travel/geo-point.ts';
import type { Answer, Question, World } from './world.ts';
import { wayBetween } from './world.ts';

const MAX_TABLE_SIZE = 100;

/** osrm-routed: everything in the URL, seconds and metres with decimals, null where there is no way. */
export function answerAsOsrm({ method, path }: Question, world: World): Answer {
  const url = new URL(path, 'http://router');
  const [, service, version, profile, list = ''] = url.pathname.split('/');
  if (method !== 'GET' || service !== 'table' || version !== 'v1' || !profile) {
    return refuse('InvalidUrl', 'URL string malformed');
  }
  const places = decodeURIComponent(list).split(';').map(pointIn);
  const sources = indexesIn(url.searchParams.get('sources'));
  const targets = indexesIn(url.searchParams.get('destinations'));
  if (sources.length * targets.length > MAX_TABLE_SIZE ** 2) {
    return refuse('TooBig', 'Too many table coordinates');
  }
  const missing = places.findIndex(world.isOffRoad);
  if (missing >= 0) {
    return refuse('NoSegment', `Could not find a matching segment for coordinate ${missing}`);
  }
  const figures = sources.map((source) =>
    targets.map((target) => {
      const [from, to] = [places[source]!, places[target]!];
      return world.isReachable(from, to) ? wayBetween(from, to) : null;
    }),
  );
  return {
    status: 200,
    body: {
      code: 'Ok',
      durations: figures.map((row) => row.map((way) => way && way.seconds)),
      distances: figures.map((row) => row.map((way) => way && way.meters)),
      sources: sources.map((index) => waypointOf(places[index]!)),
      destinations: targets.map((index) => waypointOf(places[index]!)),
    },
  };
}

function refuse(code: string, message: string): Answer {
  return { status: 400, body: { code, message } };
}

/** Roads end at 53 degrees north: what lies beyond is snapped to there, as OSRM does by default. */
function waypointOf({ latitude, longitude }: GeoPoint) {
  const distance = Math.max(0, latitude - 53) * 111_195;
  return { name: '', hint: 'x', distance, location: [longitude, Math.min(latitude, 53)] };
}

function pointIn(text: string): GeoPoint {
  const [longitude, latitude] = text.split(',').map(Number);
  return { latitude: latitude ?? NaN, longitude: longitude ?? NaN };
}

function indexesIn(text: string | null): number[] {
  return (text ?? '').split(';').map(Number);
}
