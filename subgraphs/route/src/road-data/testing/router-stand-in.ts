import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

import { answerAsOsrm } from './osrm-answers.ts';
import { answerAsValhalla } from './valhalla-answers.ts';
import type { Answer, Question, World } from './world.ts';

export type Fault = {
  status: number;
  text: string;
  headers?: Record<string, string>;
  /** Only for the next question. */
  isOnce?: boolean;
};

/** A local HTTP server that speaks the formats of OSRM and Valhalla. */
export type RouterStandIn = {
  readonly url: string;
  /** What it was asked, oldest first. */
  readonly questions: Question[];
  /** The most questions it had open at the same time. */
  mostAtOnce: number;
  /** Questions whose asker left before the answer. */
  abandoned: number;
  readonly world: World;
  /** Waits so long before each answer. */
  delayMs: number;
  /** Sent instead of an answer, until it is null again; text is sent as it is. */
  fault: Fault | null;
  close(): Promise<void>;
};

export async function startRouter(): Promise<RouterStandIn> {
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  let atOnce = 0;
  const router: RouterStandIn = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    questions: [],
    mostAtOnce: 0,
    abandoned: 0,
    world: { isOffRoad: () => false, isReachable: () => true, maxDegrees: 180 },
    delayMs: 0,
    fault: null,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('close', () => {
      atOnce -= 1;
      if (!response.writableFinished) router.abandoned += 1;
    });
    const question = {
      method: request.method ?? '',
      path: request.url ?? '',
      body: await text(request),
    };
    router.questions.push(question);
    atOnce += 1;
    router.mostAtOnce = Math.max(router.mostAtOnce, atOnce);
    await sleep(router.delayMs);
    const { fault } = router;
    if (fault !== null) {
      if (fault.isOnce) router.fault = null;
      response.writeHead(fault.status, fault.headers).end(fault.text);
      return;
    }
    const { status, body } = answerTo(question, router.world);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }
  return router;
}

function answerTo(question: Question, world: World): Answer {
  return question.path.startsWith('/table/')
    ? answerAsOsrm(question, world)
    : answerAsValhalla(question, world);
}
