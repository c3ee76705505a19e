import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { Ajv } from 'ajv';

import { REPORT_KINDS } from '../storage/report-entity.ts';
import { kindOf } from './kind.ts';
import { kindsFor, parametersSchema, readParameters } from './parameters.ts';

const own = { forPartner: false };
const partner = { forPartner: true };
const EXPERIMENT = 'exp_01jd0000000000000000000000';

describe('parameters of a kind', () => {
  test('have a schema that is one, with defaults that keep it', () => {
    for (const audience of [own, partner]) {
      for (const kind of kindsFor(audience)) {
        const given = kind === 'EXPERIMENT_OUTCOME' ? { experimentId: EXPERIMENT } : {};
        const read = readParameters(kind, given, audience);
        assert.ok('parameters' in read, `${kind}: ${JSON.stringify(read)}`);
        const validate = new Ajv().compile(parametersSchema(kind, audience));
        assert.ok(validate(read.parameters), kind);
        assert.ok(kindOf(kind).groupings[read.parameters.groupBy], kind);
      }
    }
  });

  test('that are wrong are told with the path to them', () => {
    const problems = (
      kind: Parameters<typeof readParameters>[0],
      given: Record<string, unknown>,
    ) => {
      const read = readParameters(kind, given, own);
      return 'problems' in read ? read.problems.map(({ path }) => path.join('.')) : [];
    };
    assert.deepEqual(problems('EXPERIMENT_OUTCOME', {}), ['experimentId']);
    assert.deepEqual(problems('EXPERIMENT_OUTCOME', { experimentId: 'dep_x' }), ['experimentId']);
    assert.deepEqual(problems('EXCEPTIONS', { exceptions: ['LATE', 'EARLY'] }), ['exceptions.1']);
    assert.deepEqual(problems('EXCEPTIONS', { exceptions: [] }), ['exceptions']);
    assert.deepEqual(problems('ORDER_EXPORT', { statuses: 'FAILED', minimumStops: 1 }), [
      'minimumStops',
      'statuses',
    ]);
    assert.deepEqual(problems('EMISSIONS', { groupBy: 'DRIVER' }), ['groupBy']);
    assert.deepEqual(problems('DRIVER_SCORECARD', { minimumStops: -1 }), ['minimumStops']);
  });

  test('offer partners no group that tells them about others', () => {
    const offered = kindsFor(partner).map((kind) => {
      const { properties } = parametersSchema(kind, partner) as {
        properties: { groupBy: { enum: string[]; default: string } };
      };
      return [kind, properties.groupBy.enum.join(' '), properties.groupBy.default];
    });
    assert.deepEqual(offered, [
      ['DAILY_OPERATIONS', 'DAY', 'DAY'],
      ['ON_TIME_IN_FULL', 'DAY STOP', 'DAY'],
      ['DWELL_AND_DETENTION', 'DAY', 'DAY'],
      ['EXCEPTIONS', 'STOP DAY', 'STOP'],
      ['EMISSIONS', 'DAY', 'DAY'],
      ['ETA_ACCURACY', 'DAY', 'DAY'],
      ['ORDER_EXPORT', 'ORDER', 'ORDER'],
    ]);
    const refused = readParameters('EMISSIONS', { groupBy: 'VEHICLE' }, partner);
    assert.ok('problems' in refused);
  });
});

test('an unknown parameter is told with those that the kind has', () => {
  const read = readParameters('DRIVER_SCORECARD', { minStops: 10 }, { forPartner: false });
  assert.deepEqual(read, {
    problems: [
      {
        path: ['minStops'],
        message: 'There is no such parameter: this kind has groupBy, minimumStops, compareTo',
      },
    ],
  });
});

test('what partners may ask for can be about a partner', () => {
  for (const kind of REPORT_KINDS) {
    const { forPartners, subjects, groupings } = kindOf(kind);
    if (forPartners) assert.ok(subjects.includes('partner'), kind);
    const offered = Object.values(groupings).some((grouping) => grouping.forPartners);
    assert.equal(offered, forPartners, kind);
  }
});
