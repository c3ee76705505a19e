import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';

import { IDENTITY_HEADER, createIdentitySigner } from '@quantumroute/ops/identity';

import type { ReportService } from '../../test/report-service.ts';
import { startReportService } from '../../test/report-service.ts';
import { inputOf } from '../../test/requests.ts';
import { until } from '../../test/until.ts';
import { startWorker } from '../../test/worker-process.ts';
import { dispatcherOf } from '../../test/world.ts';

let service: ReportService;
let url: string;

before(async () => {
  service = await startReportService();
  ({ url } = await service.server.listen(0, '127.0.0.1'));
});

after(() => service?.close());

const MANAGERS = 200;

const QUERY = `mutation ($input: ReportRequestInput!) { reportRequest(input: $input) {
  reused report { id } userErrors { code } } }`;

type Answer = { reused: boolean; report: { id: string } | null; userErrors: object[] };

async function ask(manager: number, input: Record<string, unknown>): Promise<Answer> {
  const signer = createIdentitySigner(service.env['SERVICE_IDENTITY_SECRET'] ?? '');
  const identity = dispatcherOf(service.world.north, `manager ${manager}`);
  const variables = { input: { ...input, idempotencyKey: randomUUID() } };
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      [IDENTITY_HEADER]: await signer.sign(identity),
    },
    body: JSON.stringify({ query: QUERY, variables }),
  });
  const answer = (await response.json()) as { data: { reportRequest: Answer } | null };
  return answer.data?.reportRequest ?? assert.fail(JSON.stringify(answer));
}

test('200 managers who ask for the same at the same moment cost one row and one run', async () => {
  const worker = await startWorker(service);
  try {
    const input = inputOf();
    const answers = await Promise.all(
      Array.from({ length: MANAGERS }, (_, manager) => ask(manager, input)),
    );
    assert.deepEqual(new Set(answers.map(({ report }) => report?.id)).size, 1);
    assert.equal(answers.filter(({ reused }) => !reused).length, 1);
    const { value: rows } = await until(
      async () => {
        const found = await service.world.sql.query<Row>(ROWS);
        return found.rows.every(({ status }) => status === 'SUCCEEDED') && found.rows;
      },
      { what: 'the report to succeed' },
    );
    assert.deepEqual(rows, [{ status: 'SUCCEEDED', attempt: 1, requesters: MANAGERS }]);
    // The log tells of it a moment after the row does.
    const ended = () => worker.output().match(/"msg":"attempt ended"/g)?.length ?? 0;
    await until(async () => ended() > 0, { what: 'the end in the log' });
    assert.equal(ended(), 1);
    assert.equal((await ask(MANAGERS, input)).reused, true);
  } finally {
    await worker.kill();
  }
});

type Row = { status: string; attempt: number; requesters: number };

const ROWS = `select status, attempt,
  (select count(*)::int from report.report_requesters where report_id = id) as requesters
  from report.reports`;
