import assert from 'node:assert/strict';
import { test } from 'node:test';

import { newId } from '@quantumroute/schema/ids';

import { kindOf } from '../figures/kind.ts';
import { reportTable } from '../figures/report-question.ts';
import { REPORT_KINDS, UNIT_SYSTEMS } from '../storage/report-entity.ts';
import { machineColumns } from './machine-columns.ts';

const settings = { locale: 'en', timeZone: 'UTC', currency: 'EUR' } as const;
const scope = {
  organizationId: newId(),
  narrow: { by: 'organization' },
  experimentId: newId(),
} as const;
const period = { from: '2026-11-01', to: '2026-11-30' };

test('no two columns of a report have the same title, so that a line of JSONL has them all', () => {
  let tables = 0;
  for (const name of REPORT_KINDS) {
    const kind = kindOf(name);
    for (const groupBy of Object.keys(kind.groupings)) {
      const question = { kind, scope, period, previous: null, parameters: { groupBy } };
      const { columns } = reportTable(question, { reading: 'facts', limit: 10 });
      for (const unitSystem of UNIT_SYSTEMS) {
        const titles = machineColumns(columns, { ...settings, unitSystem }).map(
          ({ title }) => title,
        );
        assert.equal(new Set(titles).size, titles.length, `${name} ${groupBy}: ${titles.join()}`);
        tables += 1;
      }
    }
  }
  assert.ok(tables > 2 * REPORT_KINDS.length);
});
