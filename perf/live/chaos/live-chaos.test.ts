import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestStack } from '@quantumroute/ops/local/testing';
import { decodeId } from '@quantumroute/schema/ids';
import { ownStack } from '../../own-stack.ts';
import { requestReport } from '../live-report.ts';
import { BOARD, openBoardLives } from './board-lives.ts';
import { ALERTS, MAP, openFleetLives } from './fleet-lives.ts';
import { type Follower, type Subscription, follow } from './follower.ts';
import { type ReportLives, openReportLives } from './report-lives.ts';
import { type SecondGateway, secondGateway } from './second-gateway.ts';
import { judge, sum } from './verdict.ts';

const left = process.env['CHAOS'] === 'full' ? false : 'npm run test:chaos -- live runs it';

const REPORTS = Number(process.env['CHAOS_REPORTS'] ?? 1_000);
const TEAM = 8;
/** Reports that live at the same time. */
const AT_ONCE = 6;
const OUTAGE_MS = 3_000;
const PATIENCE_MS = 120_000;

const FEED = 'subscription { reportsUpdated { id version status } }';
const ONE = 'subscription ($id: ID!) { reportUpdated(id: $id) { id version status } }';

test(
  `${REPORTS} completions are told to everybody, whatever dies meanwhile`,
  { timeout: 590_000, skip: left },
  async () => {
    await using stack = await ownStack({ env: { LOG_LEVEL: 'warn', ...PLENTY } });
    await stack.kill('worker');
    await using opened = new AsyncDisposableStack();
    const second = await secondGateway(stack);
    opened.defer(second.stop);
    const template = decodeId('report', await requestReport(stack)) ?? '';
    const lives = openReportLives(stack, template);
    opened.defer(lives.close);
    const fleet = await openFleetLives(stack, template);
    opened.defer(fleet.close);
    const board = await openBoardLives(stack, template);
    opened.defer(board.close);
    const happen = async () => void (await Promise.all([fleet.happen(), board.happen()]));
    const watch = watcherOf([stack.urls.gateway, second.url], stack);
    const teamOf = (wanted: Watched) => Array.from({ length: TEAM }, () => watch(wanted));

    const team = teamOf({ query: FEED, field: 'reportsUpdated' });
    const [maps, alarms] = [teamOf(MAP), teamOf(ALERTS)];
    const boards = teamOf({ ...BOARD, variables: board.variables });
    const teams = [...team, ...maps, ...alarms, ...boards];
    opened.defer(async () => teams.forEach(({ stop }) => stop()));
    await untilTeamHears(teams, async () => {
      await happen();
      await lives.complete(await lives.begin());
    });
    const old = new Set(fleet.alerts.keys());
    const faults = faultsOf(stack, second, teams);
    const { ends, watchers } = await liveThrough({ lives, happen, faults }, (id) =>
      watch({ query: ONE, field: 'reportUpdated', variables: { id } }),
    );
    const alerts = new Map([...fleet.alerts].filter(([id]) => !old.has(id)));
    await everybodyKnows(team, ends);
    await everybodyKnows(maps, fleet.positions);
    await everybodyKnows(alarms, alerts);
    await everybodyKnows(boards, board.orders);
    await Promise.race([
      Promise.all(watchers.map(({ follower }) => follower.ended)),
      sleep(PATIENCE_MS, undefined, { ref: false }),
    ]);

    const ofTeam = sum(team.map(({ told }) => judge(told, ends)));
    const ofWatchers = sum(
      watchers.map(({ id, follower }) =>
        judge(follower.told, new Map([[id, ends.get(id) ?? Infinity]])),
      ),
    );
    const ofMaps = sum(maps.map(({ told }) => judge(told, fleet.positions)));
    const ofAlarms = sum(alarms.map(({ told }) => judge(told, alerts)));
    const ofBoards = sum(boards.map(({ told }) => judge(told, board.orders)));
    const reconnects = [...teams, ...watchers.map(({ follower }) => follower)].reduce(
      (total, { connections }) => total + connections() - 1,
      0,
    );
    console.log(`${TEAM} watch all reports: ${JSON.stringify(ofTeam)}`);
    console.log(`${watchers.length} watch one each: ${JSON.stringify(ofWatchers)}`);
    console.log(`${TEAM} have a map of the fleet: ${JSON.stringify(ofMaps)}`);
    console.log(`${TEAM} watch its alerts: ${JSON.stringify(ofAlarms)}`);
    console.log(`${TEAM} have the board of a day: ${JSON.stringify(ofBoards)}`);
    console.log(`${reconnects} reconnects`);
    for (const { missed, outOfOrder, repeated } of [ofTeam, ofWatchers, ofAlarms, ofMaps]) {
      assert.deepEqual({ missed, outOfOrder, repeated }, { missed: 0, outOfOrder: 0, repeated: 0 });
    }
    // A board tells what has become of a thing, or more than that: its clients compare versions.
    assert.equal(ofBoards.missed, 0);
    assert.ok(reconnects > 0, 'nobody had to come back');
  },
);

/** What somebody watches. */
type Watched = Pick<Subscription, 'query' | 'field' | 'partsOf'> & Partial<Subscription>;

/** All watchers are one caller at one address here. */
const PLENTY = {
  GATEWAY_MAX_CONNECTIONS_PER_CLIENT: '20000',
  GATEWAY_MAX_SUBSCRIPTIONS_PER_CLIENT: '20000',
};

/** A trivial chooser: each connection goes to the next gateway. */
function watcherOf(gateways: readonly string[], stack: TestStack) {
  const { header } = stack.credentials['dispatcher'] ?? assert.fail('no dispatcher');
  let turn = 0;
  const chooseUrl = () => {
    turn += 1;
    return `${gateways[turn % gateways.length]?.replace('http', 'ws')}/graphql`;
  };
  const init = { [header.name]: header.value };
  return (wanted: Watched): Follower => follow({ variables: {}, ...wanted, chooseUrl, init });
}

async function untilTeamHears(
  team: readonly Follower[],
  happen: () => Promise<void>,
): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!team.every(({ told }) => told.length > 0)) {
    assert.ok(Date.now() < deadline, 'nobody is told anything');
    await happen();
    await sleep(500);
  }
}

type Fault = { at: number; what: string; happen(): Promise<void> };

function faultsOf(stack: TestStack, second: SecondGateway, team: readonly Follower[]): Fault[] {
  const outage = async (kill: () => Promise<void>, start: () => Promise<void>) => {
    await kill();
    await sleep(OUTAGE_MS);
    await start();
  };
  const gateway = () =>
    outage(
      () => stack.kill('gateway'),
      () => stack.restart('gateway'),
    );
  const report = () =>
    outage(
      () => stack.kill('report'),
      () => stack.restart('report'),
    );
  const fleetAndRoute = () =>
    outage(
      async () => void (await Promise.all([stack.kill('fleet'), stack.kill('route')])),
      async () => void (await Promise.all([stack.restart('fleet'), stack.restart('route')])),
    );
  const redis = () => outage(stack.redis.kill, stack.redis.start);
  return [
    { at: 0.1, what: 'a gateway is killed', happen: gateway },
    {
      at: 0.2,
      what: 'the supergraph of the other gateway is changed',
      happen: second.changeSupergraph,
    },
    { at: 0.25, what: 'Redis is killed', happen: redis },
    { at: 0.35, what: 'that supergraph is broken', happen: second.breakSupergraph },
    { at: 0.4, what: 'the report service is killed', happen: report },
    { at: 0.45, what: 'fleet and route are killed', happen: fleetAndRoute },
    {
      at: 0.5,
      what: 'all lose their network',
      happen: async () => team.forEach((one) => one.drop()),
    },
    {
      at: 0.6,
      what: 'the other gateway is killed',
      happen: () => outage(second.process.kill, second.process.start),
    },
    { at: 0.7, what: 'Redis is flushed', happen: () => stack.redis.flush() },
    {
      at: 0.8,
      what: 'Redis and the report service are killed together',
      happen: async () => void (await Promise.all([redis(), report()])),
    },
  ];
}

/** Lets reports live, a few at a time, while one fault after the other happens. */
async function liveThrough(
  { lives, happen, faults }: { lives: ReportLives; happen: () => Promise<void>; faults: Fault[] },
  watchOne: (id: string) => Follower,
) {
  const ends = new Map<string, number>();
  const watchers: { id: string; follower: Follower }[] = [];
  let begun = 0;
  let happening: Promise<void> = Promise.resolve();
  const suffer = () => {
    const [next] = faults;
    if (next === undefined || ends.size < REPORTS * next.at) return;
    faults.shift();
    happening = happening.then(async () => {
      console.log(`${ends.size} reports: ${next.what}`);
      await next.happen();
    });
  };
  const liveOn = async () => {
    while (begun < REPORTS) {
      begun += 1;
      const report = await lives.begin();
      watchers.push({ id: report.id, follower: watchOne(report.id) });
      ends.set(report.id, await lives.complete(report));
      await happen();
      suffer();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, liveOn));
  await happening;
  return { ends, watchers };
}

/** Waits until the whole team knows all ends, or patience is over. */
async function everybodyKnows(
  team: readonly Follower[],
  ends: ReadonlyMap<string, number>,
): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    if (team.every(({ told }) => judge(told, ends).missed === 0)) return;
    await sleep(500);
  }
}
