// A process: the four subgraphs, each below its name. Equal fetches get the bytes of the first answer.
import { type IncomingMessage, createServer } from 'node:http';
import { graphql } from 'graphql';
import { SUBGRAPH_NAMES, subgraphSchema } from './subgraphs.ts';

type Fetch = { query: string; variables?: Record<string, unknown>; operationName?: string };

const MAX_ANSWERS = 5_000;
const MAX_ASKED = 1_000;
const [port = '0'] = process.argv.slice(2);
const schemas = new Map(SUBGRAPH_NAMES.map((name) => [`/${name}`, subgraphSchema(name)]));
const answers = new Map<string, Buffer>();
let answered = 0;
/** For the floor: what has been asked since `/asked/start`; null when nobody wants to know. */
let asked: { path: string; body: string }[] | null = null;

const server = createServer((request, response) => {
  const path = request.url ?? '';
  if (path === '/count') return void response.end(String(answered));
  if (path.startsWith('/asked')) {
    response.end(JSON.stringify(asked));
    asked = path === '/asked/start' ? [] : null;
    return;
  }
  textOf(request, (body) => {
    const key = `${path} ${body}`;
    answered += 1;
    if (asked !== null && asked.length < MAX_ASKED) asked.push({ path, body });
    const known = answers.get(key);
    if (known !== undefined) return void respond(known);
    void answerOf(path, body).then((answer) => {
      if (answers.size < MAX_ANSWERS) answers.set(key, answer);
      respond(answer);
    });
  });
  const respond = (answer: Buffer) =>
    response
      .writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length })
      .end(answer);
});
server.keepAliveTimeout = 600_000;
server.listen(Number(port), '127.0.0.1', () => process.stdout.write('ready\n'));

async function answerOf(path: string, body: string): Promise<Buffer> {
  const schema = schemas.get(path);
  if (schema === undefined) return Buffer.from('{"errors":[{"message":"No such subgraph"}]}');
  const { query, variables, operationName } = JSON.parse(body) as Fetch;
  const result = await graphql({
    schema,
    source: query,
    ...(variables ? { variableValues: variables } : {}),
    ...(operationName === undefined ? {} : { operationName }),
  });
  return Buffer.from(JSON.stringify(result));
}

function textOf(request: IncomingMessage, use: (text: string) => void): void {
  let text = '';
  request.setEncoding('utf8').on('data', (part: string) => (text += part));
  request.on('end', () => use(text));
}
