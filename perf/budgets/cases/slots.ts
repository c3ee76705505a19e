import { encodeId } from '@quantumroute/schema/ids';
import type { Fixture } from '../fixture/fixture.ts';

/** Windows of two days beside the small and beside the large depot. */
export function slotsOf({ small, large }: Fixture) {
  const input = ({ depot, today, tomorrow }: Fixture['small']) => ({
    input: {
      depotId: encodeId('depot', depot.id),
      place: {
        addressLines: ['2 New Street'],
        countryCode: 'DE',
        point: { latitude: depot.latitude, longitude: depot.longitude },
      },
      parcels: [{ reference: 'BOX' }],
      dates: { from: today.date, to: tomorrow.date },
    },
  });
  return [input(small), input(large)] as const;
}
