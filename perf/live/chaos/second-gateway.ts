import { freePort } from '@quantumroute/ops/local/free-port';
import { type ServiceProcess, serviceProcess } from '@quantumroute/ops/local/service-process';
import { SERVICES, urlsOf } from '@quantumroute/ops/local/services';
import type { TestStack } from '@quantumroute/ops/local/testing';

/** Another gateway process of the same stack, on a port of its own. */
export async function secondGateway(
  stack: TestStack,
): Promise<{ process: ServiceProcess; url: string }> {
  const service = SERVICES.find(({ name }) => name === 'gateway');
  if (service === undefined) throw new Error('There is no gateway');
  const env = { ...stack.env, [service.portSetting]: String(await freePort()) };
  const url = urlsOf(env).gateway;
  const process = serviceProcess({
    service,
    env,
    url,
    events: { onLine: () => undefined, onCrash: () => undefined },
  });
  await process.start();
  return { process, url };
}
