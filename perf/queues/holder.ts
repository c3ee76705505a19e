// A worker that takes hints and never ends, so that main.ts can kill it in the middle.
import type { QueueName } from './queues.ts';
import { openQueue } from './queues.ts';

const [name, address = '', prefix = ''] = process.argv.slice(2);
const queue = openQueue(name as QueueName, address, prefix);
queue.consume(() => {
  process.send?.('taken');
  return new Promise(() => undefined);
}, 2);
// Whoever started us is gone.
process.once('disconnect', () => process.exit(1));
