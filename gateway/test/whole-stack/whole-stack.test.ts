import { after, before, describe } from 'node:test';
import { testStack } from '@quantumroute/ops/local/testing';
import type { TestStack } from '@quantumroute/ops/local/testing';
import { filesOfAReport } from '../downloads/downloads.ts';
import { userErrors } from '../error-codes/user-errors.ts';
import { feedsThroughTheGateway } from '../live-feeds/live-feeds.ts';
import { metricsOfEveryService } from '../metrics/metrics.ts';
import { changedUnderItsClients } from '../supergraph/whole-graph.ts';
import { twoOrganizations } from '../tenancy/tenancy.ts';
import { trackingPage } from '../tracking/tracking.ts';
import { mintFor } from './mint-for.ts';
import type { Mint } from './mint-for.ts';

/** One stack for all that needs every service and leaves them as they were: one part after the other. */
describe('quantumroute', { timeout: 540_000 }, () => {
  let stack: TestStack;
  let mint: Mint;
  before(async () => {
    stack = await testStack({
      env: {
        // In front of the gateway there would be a proxy.
        PUBLIC_URL: 'https://deliveries.example.com',
        GATEWAY_HTTP2: 'on',
        REPORT_QUOTA: '3',
        // What is tested here is no deadline: a slow machine may take its time.
        GATEWAY_REQUEST_DEADLINE_MS: '25000',
        GATEWAY_SUBGRAPH_TIMEOUT_MS: '20000',
        DATABASE_STATEMENT_TIMEOUT_MS: '20000',
      },
    });
    mint = await mintFor(stack);
  });
  after(() => stack.stop());

  for (const part of [feedsThroughTheGateway, twoOrganizations]) part(() => ({ stack, mint }));
  const others = [
    metricsOfEveryService,
    filesOfAReport,
    trackingPage,
    changedUnderItsClients,
    userErrors,
  ];
  for (const part of others) part(() => stack);
});
