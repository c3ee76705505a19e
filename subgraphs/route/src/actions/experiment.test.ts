import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';

import { decodeId, encodeId, newId } from '@quantumroute/schema/ids';

import {
  createExperiment,
  EXPERIMENT_CREATE,
  experimentInput,
  startExperiment,
  stepExperiment,
  VARIANTS,
} from '../testing/experiment.ts';
import { addOrganization } from '../testing/fleet-stand-in.ts';
import type { Organization } from '../testing/fleet-stand-in.ts';
import { dispatcher, openRouteWorld, partnerOf } from '../testing/route-world.ts';
import type { Answer, RouteWorld } from '../testing/route-world.ts';

let world: RouteWorld;
let acme: Organization;

before(async () => {
  world = await openRouteWorld();
  acme = await addOrganization(world, { name: 'Acme', vans: 1 });
});
after(() => world.close());

test('an experiment is a draft at first, once per idempotency key', async () => {
  const depots = [encodeId('depot', acme.depotId)];
  const input = experimentInput({ key: 'first', depotIds: [...depots, ...depots] });
  const payload = await create(input);
  assert.deepEqual(payload['userErrors'], []);
  const { id, ...experiment } = payload['experiment'];
  assert.deepEqual(experiment, {
    version: 1,
    key: 'first',
    hypothesis: 'The treatment is cheaper.',
    status: 'DRAFT',
    unit: 'DEPOT_DAY',
    variants: [
      { ...VARIANTS[0], weight: 1 },
      { ...VARIANTS[1], weight: 1, isControl: false },
    ],
    depots: [{ id: depots[0] }],
    startedAt: null,
    endedAt: null,
  });
  assert.equal((await create(input))['experiment'].id, id);
  const reused = await create({ ...input, hypothesis: 'Another one.' });
  assert.equal(reused['userErrors'][0].code, 'IDEMPOTENCY_KEY_REUSED');
  const taken = await create({ ...input, idempotencyKey: randomUUID() });
  assert.deepEqual(taken['userErrors'][0].path, ['input', 'key']);
});

const [CONTROL, TREATMENT] = VARIANTS;
const REFUSED: Record<string, { changes: object; path: string[]; code?: string }> = {
  'a key of other characters': { changes: { key: 'Über' }, path: ['key'] },
  'no hypothesis': { changes: { hypothesis: ' ' }, path: ['hypothesis'] },
  'a NUL in the hypothesis': { changes: { hypothesis: 'a\0b' }, path: ['hypothesis'] },
  'a single variant': { changes: { variants: [CONTROL] }, path: ['variants'] },
  'two controls': {
    changes: { variants: [CONTROL, { ...TREATMENT, isControl: true }] },
    path: ['variants'],
  },
  'no control': {
    changes: { variants: [{ ...CONTROL, isControl: false }, TREATMENT] },
    path: ['variants'],
  },
  'two variants of one key': {
    changes: { variants: [CONTROL, { ...TREATMENT, key: 'control' }] },
    path: ['variants'],
  },
  'an unknown algorithm': {
    changes: { variants: [CONTROL, { ...TREATMENT, algorithm: 'guess' }] },
    path: ['variants', '1', 'algorithm'],
  },
  'a weight of zero': {
    changes: { variants: [CONTROL, { ...TREATMENT, weight: 0 }] },
    path: ['variants', '1', 'weight'],
  },
  'a depot that does not exist': {
    changes: { depotIds: [encodeId('depot', newId())] },
    path: ['depotIds', '0'],
    code: 'NOT_FOUND',
  },
};

for (const [name, { changes, path, code = 'INVALID' }] of Object.entries(REFUSED)) {
  test(`an experiment with ${name} is refused with the path of it`, async () => {
    const payload = await create(experimentInput(changes));
    assert.equal(payload['experiment'], null);
    assert.deepEqual(
      payload['userErrors'].map((error: Answer) => [error['code'], error['path']]),
      [[code, ['input', ...path]]],
    );
  });
}

test('an experiment is started, paused, started again and concluded for good', async () => {
  const initech = await addOrganization(world, { name: 'Initech', vans: 1 });
  const { id } = await createExperiment(world, initech);
  const steps = [
    ['pause', 'DRAFT', ['RUNNING', 'CONCLUDED']],
    ['start', 'RUNNING'],
    ['start', 'RUNNING', ['PAUSED', 'CONCLUDED']],
    ['pause', 'PAUSED'],
    ['start', 'RUNNING'],
    ['conclude', 'CONCLUDED'],
    ['start', 'CONCLUDED', []],
    ['conclude', 'CONCLUDED', []],
  ] as const;
  let version = 1;
  const startedAt = new Set<string>();
  for (const [step, status, allowed] of steps) {
    const { experiment, userErrors } = await stepExperiment(world, initech, { step, id, version });
    if (allowed !== undefined) {
      assert.equal(userErrors[0].code, 'ILLEGAL_TRANSITION');
      assert.deepEqual([userErrors[0].currentStatus, userErrors[0].allowed], [status, allowed]);
      continue;
    }
    assert.deepEqual(userErrors, []);
    assert.equal(experiment.status, status);
    assert.equal(experiment.version, ++version);
    startedAt.add(experiment.startedAt);
    assert.equal(experiment.endedAt !== null, status === 'CONCLUDED');
  }
  assert.equal(startedAt.size, 1);
});

test('whoever has read an older version changes nothing', async () => {
  const { id } = await createExperiment(world, acme);
  const payload = await stepExperiment(world, acme, { step: 'conclude', id, version: 7 });
  assert.equal(payload['experiment'], null);
  assert.equal(payload['userErrors'][0].code, 'VERSION_CONFLICT');
  assert.equal(payload['userErrors'][0].currentVersion, 1);
});

test('a depot takes part in one running experiment at most', async () => {
  const globex = await addOrganization(world, { name: 'Globex', vans: 1 });
  const [here, there] = [encodeId('depot', globex.depotId), newId()];
  await world.sql(
    `insert into fleet_published.depots values ($1, $2, 'HAM', 'Hamburg', 53.5, 10, 'Europe/Berlin')`,
    [there, globex.organizationId],
  );
  const running = await startExperiment(world, globex, { key: 'here', depotIds: [here] });
  const everywhere = await createExperiment(world, globex);
  const start = { step: 'start', id: everywhere['id'], version: 1 } as const;
  const refused = await stepExperiment(world, globex, start);
  assert.equal(refused['userErrors'][0].code, 'INVALID');
  assert.deepEqual(refused['userErrors'][0].path, ['id']);
  assert.match(refused['userErrors'][0].message, /here/);
  await startExperiment(world, globex, { depotIds: [encodeId('depot', there)] });
  await stepExperiment(world, globex, {
    step: 'pause',
    id: running['id'],
    version: running['version'],
  });
  await startExperiment(world, globex, { depotIds: [here] });
});

test('of many starts at once for one depot a single one is carried out', async () => {
  const hooli = await addOrganization(world, { name: 'Hooli', vans: 1 });
  const drafts = [];
  for (let draft = 0; draft < 4; draft++) drafts.push(await createExperiment(world, hooli));
  const payloads = await Promise.all(
    drafts.map((draft) =>
      stepExperiment(world, hooli, { step: 'start', id: draft['id'], version: 1 }),
    ),
  );
  assert.equal(payloads.filter(({ experiment }) => experiment !== null).length, 1);
});

test('twenty experiments of an organization are open at most', async () => {
  const umbrella = await addOrganization(world, { name: 'Umbrella', vans: 1 });
  const open = [];
  for (let index = 0; index < 20; index++) open.push(await createExperiment(world, umbrella));
  const input = experimentInput();
  const { payload } = await world.ask(dispatcher(umbrella), EXPERIMENT_CREATE, { input });
  assert.deepEqual(payload.userErrors[0].path, ['input']);
  assert.match(payload.userErrors[0].message, /20/);
  const id = String(open[0]?.['id']);
  await stepExperiment(world, umbrella, { step: 'conclude', id, version: 1 });
  await createExperiment(world, umbrella);
});

test('experiments are listed newest first, by their status and by their id', async () => {
  const soylent = await addOrganization(world, { name: 'Soylent', vans: 1 });
  const draft = await createExperiment(world, soylent);
  const running = await startExperiment(world, soylent);
  const { all, one, drafts, byId, unknown } = await world.ask(
    dispatcher(soylent),
    `query ($id: ID!, $unknown: ID!) { all: experiments { id } one: experiments(first: 1) { id }
       drafts: experiments(status: [DRAFT, PAUSED]) { id } byId: experiment(id: $id) { id status }
       unknown: experiment(id: $unknown) { id } }`,
    { id: running['id'], unknown: encodeId('experiment', newId()) },
  );
  const ids = (list: Answer[]) => list.map(({ id }) => id);
  assert.deepEqual(ids(all), [running['id'], draft['id']]);
  assert.deepEqual(ids(one), [running['id']]);
  assert.deepEqual(ids(drafts), [draft['id']]);
  assert.deepEqual(byId, { id: running['id'], status: 'RUNNING' });
  assert.equal(unknown, null);
});

test('nothing changes the weights of an experiment that was started', async () => {
  const initrode = await addOrganization(world, { name: 'Initrode', vans: 1 });
  const { id } = await startExperiment(world, initrode);
  const uuid = decodeId('experiment', id);
  await assert.rejects(
    world.sql(
      `update route.experiments set variants = jsonb_set(variants, '{0,weight}', '9') where id = $1`,
      [uuid],
    ),
    /keeps its key, unit, variants and depots/,
  );
});

test('a caller without the scope, and a partner with it, learn nothing and change nothing', async () => {
  const { id } = await createExperiment(world, acme);
  const scopes = ['orders:read', 'routes:read'];
  const { errors } = await world.run({ ...dispatcher(acme), scopes }, '{ experiments { id } }');
  assert.equal(errors[0]?.extensions?.['code'], 'FORBIDDEN');
  const partner = { ...partnerOf(acme, acme.partners[0]), scopes: dispatcher(acme).scopes };
  const answer = await world.ask(
    partner,
    `mutation ($id: ID!, $input: ExperimentCreateInput!) {
      experimentConclude(id: $id, expectedVersion: 1) { userErrors { code } }
      experimentCreate(input: $input) { userErrors { code } } }`,
    { id, input: experimentInput() },
  );
  assert.equal(answer['experimentConclude'].userErrors[0].code, 'NOT_FOUND');
  assert.equal(answer['experimentCreate'].userErrors[0].code, 'NOT_FOUND');
  const seen = await world.ask(
    partner,
    'query ($id: ID!) { experiments { id } experiment(id: $id) { id } }',
    { id },
  );
  assert.deepEqual(seen, { experiments: [], experiment: null });
});

async function create(input: Answer): Promise<Answer> {
  return (await world.ask(dispatcher(acme), EXPERIMENT_CREATE, { input }))['payload'];
}
