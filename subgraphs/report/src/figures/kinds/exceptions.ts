import type { KindDefinition } from '../kind.ts';
import { EXCEPTION_NAMES, exceptionList } from '../lists/exception-list.ts';

/** What went wrong, stop by stop. */
export const exceptions: KindDefinition = {
  title: 'Exceptions',
  description:
    'Stops that failed, were late, took over 15 minutes longer than planned or were visited out of sequence, with reason and size.',
  forPartners: true,
  subjects: ['organization', 'depot', 'partner'],
  groupings: {
    STOP: { rows: 'list', list: exceptionList, forPartners: true },
    DAY: { rows: 'groups', by: ['day'], forPartners: true },
    DEPOT: { rows: 'groups', by: ['depot'], forPartners: false },
    DRIVER: { rows: 'groups', by: ['driver'], forPartners: false },
    PARTNER: { rows: 'groups', by: ['partner'], forPartners: false },
  },
  defaultGroupBy: 'STOP',
  ownParameters: {
    exceptions: {
      type: 'array',
      title: 'Stops with any of these',
      items: { type: 'string', enum: [...EXCEPTION_NAMES] },
      minItems: 1,
      maxItems: EXCEPTION_NAMES.length,
      uniqueItems: true,
      default: [...EXCEPTION_NAMES],
    },
  },
  columns: [
    'stops',
    'failedStops',
    'lateStops',
    'detainedStops',
    'detention',
    'outOfSequenceStops',
  ],
  totals: ['stops', 'failedStops', 'lateStops', 'detainedStops', 'detention', 'outOfSequenceStops'],
  charts: [
    {
      title: 'Exceptions by day',
      mark: 'line',
      by: 'day',
      figures: ['failedStops', 'lateStops', 'detainedStops'],
      limit: 366,
    },
  ],
};
