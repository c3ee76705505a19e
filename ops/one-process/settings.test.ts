import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inProcessSubgraphs, readConfig } from './settings.ts';

test('subgraphs are named, with commas between them, and a name that is none is refused', () => {
  assert.deepEqual(inProcessSubgraphs({}), []);
  assert.deepEqual(inProcessSubgraphs({ IN_PROCESS_SUBGRAPHS: 'fleet, report' }), [
    'fleet',
    'report',
  ]);
  readConfig({ IN_PROCESS_SUBGRAPHS: 'fleet,route,report' });
  const wrong = { IN_PROCESS_SUBGRAPHS: 'fleet,worker' };
  assert.throws(() => readConfig(wrong), /IN_PROCESS_SUBGRAPHS needs names out of fleet, route/);
});
