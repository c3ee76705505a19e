import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import type { DimensionKey } from './dimension.ts';
import type { Scope } from './scope.ts';
import type { Reading } from './source.ts';
import { sourceOf } from './source.ts';
import type { MeasureKey } from './unrolled-measures.ts';

type Asked = {
  by?: Scope['narrow']['by'];
  dimensions?: readonly DimensionKey[];
  reading?: Reading;
};

function source(
  measure: MeasureKey,
  { by = 'organization', dimensions = [], reading = 'roll-ups' }: Asked = {},
): string | undefined {
  const narrow = by === 'organization' ? { by } : { by, id: 'x' };
  return sourceOf(measure, { scope: { organizationId: 'x', narrow }, dimensions, reading })?.name;
}

describe('a question is answered', () => {
  test('from depot-days where nothing smaller than a depot is told apart', () => {
    assert.equal(source('stops'), 'depot_days');
    assert.equal(source('cost', { by: 'depot', dimensions: ['day'] }), 'depot_days');
    assert.equal(source('dwell_histogram', { dimensions: ['depot'] }), 'depot_days');
  });

  test('from driver-days for vehicles and drivers', () => {
    assert.equal(source('stops', { by: 'vehicle' }), 'driver_days');
    assert.equal(source('cost', { dimensions: ['driver', 'day'] }), 'driver_days');
    assert.equal(source('dwell_histogram', { by: 'driver' }), 'driver_days');
  });

  test('from partner-days for one partner; among partners some stops are of none', () => {
    assert.equal(source('stops', { by: 'partner', dimensions: ['day'] }), 'partner_days');
    assert.equal(source('eta_error_histogram', { by: 'partner' }), 'partner_days');
    assert.equal(source('stops', { dimensions: ['partner'] }), 'stop_facts');
  });

  test('from single facts where roll-ups tell too little apart, or may not be read', () => {
    assert.equal(source('stops', { by: 'partner', dimensions: ['vehicle'] }), 'stop_facts');
    assert.equal(source('co2e_grams', { dimensions: ['energyCarrier'] }), 'route_facts');
    assert.equal(source('stops', { reading: 'facts' }), 'stop_facts');
    assert.equal(source('cost', { reading: 'facts', by: 'driver' }), 'route_facts');
  });

  test('not at all where no fact says anything', () => {
    assert.equal(source('cost', { by: 'partner' }), undefined);
    assert.equal(source('shift_seconds', { by: 'driver' }), undefined);
    assert.equal(source('stops', { dimensions: ['variant'] }), undefined);
  });
});
