import type { StoredWindow } from '../storage/entities/order.ts';
import type { StoredPlace } from '../storage/stores/order-writes.ts';
import type { PlaceInput, WindowInput } from './order-input.ts';

/** Checked input as it is stored. */
export function storedPlace(place: PlaceInput): StoredPlace {
  return {
    placeName: place.name ?? null,
    addressLines: place.addressLines,
    postalCode: place.postalCode ?? null,
    countryCode: place.countryCode,
    latitude: place.point.latitude,
    longitude: place.point.longitude,
    instructions: place.instructions ?? null,
  };
}

export function storedWindow({ start, end }: WindowInput): StoredWindow {
  return { start: start.toISOString(), end: end.toISOString() };
}
