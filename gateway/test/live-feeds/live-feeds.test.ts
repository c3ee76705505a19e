import { after, before, describe } from 'node:test';
import { testStack } from '@quantumroute/ops/local/testing';
import type { TestStack } from '@quantumroute/ops/local/testing';
import { followingVehicles } from './fleet-map.ts';
import { watchingRuns } from './optimization-runs.ts';

describe('watched through the gateway', { timeout: 240_000 }, () => {
  let stack: TestStack;
  before(async () => {
    stack = await testStack();
  });
  after(() => stack.stop());
  watchingRuns(() => stack);
  followingVehicles(() => stack);
});
