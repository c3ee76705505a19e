import { after, before, describe } from 'node:test';
import { testStack } from '@quantumroute/ops/local/testing';
import type { TestStack } from '@quantumroute/ops/local/testing';
import { mintFor } from '../whole-stack/mint-for.ts';
import type { Mint } from '../whole-stack/mint-for.ts';
import { followingADay } from './day-on-the-road.ts';
import { followingVehicles } from './fleet-map.ts';
import { watchingRuns } from './optimization-runs.ts';

describe('watched through the gateway', { timeout: 240_000 }, () => {
  let stack: TestStack;
  let mint: Mint;
  before(async () => {
    stack = await testStack();
    mint = await mintFor(stack);
  });
  after(() => stack.stop());
  watchingRuns(() => stack);
  followingVehicles(() => ({ stack, mint }));
  followingADay(() => ({ stack, mint }));
});
