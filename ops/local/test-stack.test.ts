import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { isAlive } from './orphan.ts';
import { SERVICES } from './services.ts';
import { testStack, type TestStack } from './test-stack.ts';

describe('the stack of a test', () => {
  let stack: TestStack;
  before(async () => {
    stack = await testStack();
  });
  after(() => stack.stop());

  test('answers each demo credential with its own organization', async () => {
    const query = '{ viewer { organization { name } } }';
    const ofDispatcher = await ask(query, 'dispatcher');
    assert.ok(ofDispatcher.data, JSON.stringify(ofDispatcher));
    assert.notDeepEqual(ofDispatcher.data, (await ask(query, 'otherDispatcher')).data);
  });

  test('loses the fields of a killed service only, and has them back after a restart', async () => {
    const query = '{ reports(first: 1) { nodes { id } } depots(first: 1) { nodes { id } } }';
    const whole = await ask(query, 'dispatcher');
    assert.ok(whole.data, JSON.stringify(whole));
    await stack.kill('report');
    assert.equal(stack.pid('report'), undefined);
    const { errors } = await ask(query, 'dispatcher');
    assert.equal(errors?.[0]?.path?.[0], 'reports');
    await stack.restart('report');
    assert.deepEqual((await ask(query, 'dispatcher')).data, whole.data);
  });

  test('leaves no process behind', async () => {
    const pids = SERVICES.map(({ name }) => stack.pid(name) as number);
    assert.ok(pids.every(isAlive));
    await stack.stop();
    assert.deepEqual(pids.filter(isAlive), []);
  });

  type Answer = {
    data?: Record<string, unknown> | null;
    errors?: { message: string; path?: string[] }[];
  };

  async function ask(query: string, credential: string): Promise<Answer> {
    const { name, value } = stack.credentials[credential]?.header ?? { name: '', value: '' };
    const response = await fetch(`${stack.urls.gateway}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', [name]: value },
      body: JSON.stringify({ query }),
    });
    return (await response.json()) as Answer;
  }
});
