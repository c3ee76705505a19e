import { describe } from 'node:test';
import type { TestStack } from '@quantumroute/ops/local/testing';
import type { Mint } from '../whole-stack/mint-for.ts';
import { followingADay } from './day-on-the-road.ts';
import { followingVehicles } from './fleet-map.ts';
import { watchingRuns } from './optimization-runs.ts';

/** Runs, the map and a day on the road, as subscribers see them. `whole-stack.test.ts` runs it. */
export function feedsThroughTheGateway(given: () => { stack: TestStack; mint: Mint }): void {
  describe('watched through the gateway', { timeout: 240_000 }, () => {
    watchingRuns(() => given().stack);
    followingVehicles(given);
    followingADay(given);
  });
}
