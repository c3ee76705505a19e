import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { TestStack } from '@quantumroute/ops/local/testing';
import { encodeId, newId } from '@quantumroute/schema/ids';
import { askAs, at, dataFor } from '../whole-stack/ask-as.ts';

const ERRORS = `userErrors { __typename code message path
  ... on VersionConflictError { currentVersion }
  ... on IllegalTransitionError { currentStatus allowed }
  ... on QuotaExceededError { retryAfterSeconds }
}`;

type UserError = { __typename: string; code: string; message: string; path: string[] };

/** Every code of a user error, seen by a client. Ends the worker, and starts it again. `whole-stack.test.ts` runs it. */
export function userErrors(stackOf: () => TestStack): void {
  describe('the user error', { timeout: 120_000 }, () => {
    let stack: TestStack;
    let vehicle: { id: string; version: number };
    before(async () => {
      stack = stackOf();
      const query = '{ vehicles(first: 1) { nodes { id version } } }';
      const data = await dataFor(stack, 'dispatcher', { query });
      vehicle = at(data, 'vehicles', 'nodes', '0') as typeof vehicle;
    });

    /** Sends a mutation of one field, and expects one user error. */
    async function refusalOf(field: string): Promise<UserError> {
      const data = await dataFor(stack, 'dispatcher', { query: `mutation { change: ${field} }` });
      const [error, ...more] = at(data, 'change', 'userErrors') as UserError[];
      assert.deepEqual(more, []);
      return error ?? assert.fail(`nothing is wrong with ${field}`);
    }

    const update = (id: string, version: number, displayName: string) =>
      `vehicleUpdate(id: "${id}", expectedVersion: ${version}, input: { displayName: "${displayName}" }) { vehicle { id } ${ERRORS} }`;
    const report = (key: string, to: string) =>
      `reportRequest(input: { idempotencyKey: "${key}", kind: DAILY_OPERATIONS, period: { from: "2026-01-01", to: "${to}" } }) { report { id } ${ERRORS} }`;
    const cancel = (id: string) => `reportCancel(id: "${id}") { report { id } ${ERRORS} }`;
    const requested = async (key: string, to = '2026-01-02') => {
      const query = `mutation { change: ${report(key, to)} }`;
      const data = await dataFor(stack, 'dispatcher', { query });
      return at(data, 'change', 'report', 'id') as string;
    };

    const CASES: Record<string, { see: () => Promise<UserError>; error: object }> = {
      INVALID: {
        see: () => refusalOf(update(vehicle.id, vehicle.version, '')),
        error: { __typename: 'InvalidInputError', path: ['input', 'displayName'] },
      },
      NOT_FOUND: {
        see: () => refusalOf(update(encodeId('vehicle', newId()), 1, 'x')),
        error: { __typename: 'InvalidInputError', path: ['id'] },
      },
      VERSION_CONFLICT: {
        see: () => refusalOf(update(vehicle.id, vehicle.version + 7, 'x')),
        error: { __typename: 'VersionConflictError', path: ['expectedVersion'] },
      },
      IDEMPOTENCY_KEY_REUSED: {
        see: async () => {
          await requested('reused');
          return refusalOf(report('reused', '2026-01-03'));
        },
        error: { __typename: 'InvalidInputError', path: ['input', 'idempotencyKey'] },
      },
      ILLEGAL_TRANSITION: {
        see: async () => {
          const id = await requested('reused');
          await finished(id);
          return refusalOf(cancel(id));
        },
        error: {
          __typename: 'IllegalTransitionError',
          path: ['id'],
          currentStatus: 'SUCCEEDED',
          allowed: [],
        },
      },
      QUOTA_EXCEEDED: {
        see: async () => {
          await stack.kill('worker');
          const quota = Number(stack.env['REPORT_QUOTA']);
          for (let day = 1; day <= quota; day += 1)
            await requested(`waits ${day}`, `2026-02-0${day}`);
          const refusal = await refusalOf(report('too many', '2026-02-09'));
          await stack.restart('worker');
          return refusal;
        },
        error: { __typename: 'QuotaExceededError', path: ['input'] },
      },
    };

    async function finished(id: string): Promise<void> {
      const query = `{ report(id: "${id}") { status } }`;
      for (;;) {
        const data = await dataFor(stack, 'dispatcher', { query });
        if (at(data, 'report', 'status') === 'SUCCEEDED') return;
      }
    }

    test('of the schema each has its case', async () => {
      const query = '{ __type(name: "UserErrorCode") { enumValues { name } } }';
      const data = await dataFor(stack, 'dispatcher', { query });
      const codes = at(data, '__type', 'enumValues') as { name: string }[];
      assert.deepEqual(new Set(Object.keys(CASES)), new Set(codes.map(({ name }) => name)));
    });

    for (const [code, { see, error }] of Object.entries(CASES)) {
      test(`${code} comes with its type, path and message`, async () => {
        const seen = await see();
        assert.deepEqual({ ...seen, ...error }, seen);
        assert.equal(seen.code, code);
        assert.ok(seen.message.length > 5);
        const { currentVersion, retryAfterSeconds } = seen as unknown as Record<string, number>;
        if (code === 'VERSION_CONFLICT') assert.equal(currentVersion, vehicle.version);
        if (code === 'QUOTA_EXCEEDED') assert.ok((retryAfterSeconds ?? 0) > 0);
      });
    }

    test('is none where only a field is wrong: a query says so by code and argument', async () => {
      const tooMany = await askAs(stack, 'dispatcher', {
        query: '{ vehicles(first: 201) { nodes { id } } }',
      });
      const [tooManyError] = tooMany.errors ?? [];
      assert.equal(tooManyError?.extensions?.['code'], 'BAD_USER_INPUT');
      assert.deepEqual(tooManyError?.extensions?.['argumentPath'], ['first']);
      assert.deepEqual(tooManyError?.path, ['vehicles']);

      const scope = `scope: { depotId: "${encodeId('depot', newId())}" }`;
      const unknown = await askAs(stack, 'dispatcher', {
        query: `{ kpis(${scope}, period: { from: "2026-01-01", to: "2026-01-02" }) { onTime { value } } }`,
      });
      const [unknownError] = unknown.errors ?? [];
      assert.equal(unknownError?.extensions?.['code'], 'NOT_FOUND');
      assert.deepEqual(unknownError?.path, ['kpis']);
      assert.equal(typeof unknownError?.extensions?.['requestId'], 'string');
    });
  });
}
