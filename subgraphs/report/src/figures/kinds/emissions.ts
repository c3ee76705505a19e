import type { KindDefinition } from '../kind.ts';

/** What the routes emitted, from well to wheel, and whose transport it was. */
export const emissions: KindDefinition = {
  title: 'Emissions',
  description:
    'Well-to-wheel CO2e by energy carrier, vehicle, depot, partner or day, calculated following GLEC: distance × factor of the vehicle, allocated to stops by load weight × direct distance. How well the numbers are founded is told beside them.',
  forPartners: true,
  subjects: ['organization', 'depot', 'partner'],
  groupings: {
    ENERGY_CARRIER: { rows: 'groups', by: ['energyCarrier'], forPartners: false },
    VEHICLE: { rows: 'groups', by: ['vehicle'], forPartners: false },
    DEPOT: { rows: 'groups', by: ['depot'], forPartners: false },
    PARTNER: { rows: 'groups', by: ['partner'], forPartners: false },
    DAY: { rows: 'groups', by: ['day'], forPartners: true },
  },
  defaultGroupBy: 'ENERGY_CARRIER',
  columns: [
    'stops',
    'co2e',
    'transportActivity',
    'co2eIntensity',
    'routes',
    'distance',
    'emptyDistance',
    'emptyShare',
    'measuredCo2e',
    'defaultCo2e',
  ],
  totals: [
    'stops',
    'co2e',
    'transportActivity',
    'co2eIntensity',
    'routes',
    'distance',
    'emptyDistance',
    'emptyShare',
    'measuredCo2e',
    'defaultCo2e',
  ],
  charts: [
    { title: 'CO2e by day', mark: 'bar', by: 'day', figures: ['co2e'], limit: 366 },
    {
      title: 'CO2e by energy carrier',
      mark: 'bar',
      by: 'energyCarrier',
      figures: ['co2e'],
      limit: 20,
    },
    {
      title: 'CO2e intensity by day',
      mark: 'line',
      by: 'day',
      figures: ['co2eIntensity'],
      limit: 366,
    },
  ],
};
