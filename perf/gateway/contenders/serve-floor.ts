// A process: what any gateway in Node has to do at least. For each operation it makes the calls that
// our gateway makes, all of them at once, and then sends the bytes of the right answer.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Pool } from 'undici';
import type { Recording } from '../measure/record-calls.ts';

const [file = '', origin = '', port = '0'] = process.argv.slice(2);
const recordings = JSON.parse(readFileSync(file, 'utf8')) as Recording[];
const operations = new Map(
  recordings.map(({ body, calls, answer }) => [body, { calls, answer: Buffer.from(answer) }]),
);
const subgraphs = new Pool(origin, { connections: 64 });
const headers = { 'content-type': 'application/json' };

createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (part: string) => (body += part));
  request.on('end', () => {
    const operation = operations.get(body.trimEnd());
    if (operation === undefined) return void response.writeHead(400).end();
    const { calls, answer } = operation;
    let open = calls.length;
    const done = () => {
      open -= 1;
      if (open > 0) return;
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length })
        .end(answer);
    };
    for (const call of calls) {
      subgraphs.dispatch(
        { path: call.path, method: 'POST', headers, body: call.body },
        {
          onRequestStart() {},
          onResponseStart() {},
          onResponseData() {},
          onResponseEnd: done,
          onResponseError: () => response.destroy(),
        },
      );
    }
  });
}).listen(Number(port), '127.0.0.1');
