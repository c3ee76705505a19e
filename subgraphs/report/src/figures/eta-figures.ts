import type { Figure } from './figure.ts';

const error = { worst: 'abs(f.eta_error_seconds)' } as const;
const foretold = { plus: ['eta_stops'] } as const;

/**
 * Figures about the ETA of a stop as it was told when the stop before it was left, against the
 * arrival; for the first stop of a route it is the planned arrival.
 */
export const etaFigures = {
  etaStops: {
    title: 'Stops with an ETA',
    unit: 'COUNT',
    definition:
      'Finished stops in planned order with an arrival and an ETA: from when the stop before was left, for the first stop of a route as planned.',
    shape: 'total',
    total: foretold,
    evidence: error,
  },
  etaBias: {
    title: 'ETA error, mean',
    unit: 'SECONDS',
    definition: '(Arrival − ETA) ÷ stops; above 0 drivers come later than was told.',
    shape: 'ratio',
    numerator: { plus: ['eta_bias_seconds'] },
    denominator: foretold,
    evidence: error,
  },
  etaErrorMean: {
    title: 'ETA error, mean size',
    unit: 'SECONDS',
    definition: 'Absolute difference of arrival and ETA ÷ stops.',
    shape: 'ratio',
    numerator: { plus: ['eta_error_seconds'] },
    denominator: foretold,
    evidence: error,
  },
  etaErrorP50: {
    title: 'ETA error, median size',
    unit: 'SECONDS',
    definition:
      'Half of the arrivals were no further from their ETA, read from a histogram with steps of 5 %; the denominator is the number of stops with an ETA.',
    shape: 'quantile',
    histogram: 'eta_error_histogram',
    quantile: 0.5,
    observations: foretold,
    evidence: error,
  },
  etaErrorP90: {
    title: 'ETA error, 90th percentile',
    unit: 'SECONDS',
    definition:
      'Nine of ten arrivals were no further from their ETA, read from a histogram with steps of 5 %; the denominator is the number of stops with an ETA.',
    shape: 'quantile',
    histogram: 'eta_error_histogram',
    quantile: 0.9,
    observations: foretold,
    evidence: error,
  },
  etaWithin15: {
    title: 'ETA within 15 minutes',
    unit: 'RATIO',
    definition: 'Arrivals at most 15 minutes from their ETA ÷ stops with an ETA.',
    shape: 'ratio',
    numerator: { plus: ['eta_within_stops'] },
    denominator: foretold,
    evidence: { among: 'abs(f.eta_error_seconds) > 900', worst: 'abs(f.eta_error_seconds)' },
  },
} as const satisfies Record<string, Figure>;
