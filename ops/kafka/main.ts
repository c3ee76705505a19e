import { once } from 'node:events';
import { join } from 'node:path';
import { openLogFile } from '../local/log-file.ts';
import { readConfig } from '../local/local-settings.ts';
import { onStopRequest } from '../local/on-stop-request.ts';
import { startBroker } from './broker.ts';
import { whyNoBroker } from './classpath.ts';

const DEFAULT_PORT = 9092;

/** `npm run kafka`: a Kafka to try with, until Ctrl-C; its data stays for the next time. */
const stopRequest = onStopRequest();
const missing = whyNoBroker();
if (missing !== null) {
  console.error(`${missing} It needs Java 17 or newer and Maven.`);
  process.exit(1);
}
const { directory } = readConfig(process.env);
const log = openLogFile(join(directory, 'logs', 'kafka.log'));
console.log('Starting Kafka …');
const broker = await startBroker({
  directory: join(directory, 'kafka'),
  port: DEFAULT_PORT,
  onLog: log.write,
});
console.log(`Kafka runs. In another terminal:

  REPORT_QUEUE=kafka KAFKA_BROKERS=${broker.brokers} npm start

Ctrl-C stops it. Its log: ${log.path}`);
if (!stopRequest.aborted) await once(stopRequest, 'abort');
await broker.stop();
process.exit();
