// A process: the gateway of Mercurius, with its compiler of queries on.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import gateway from '@mercuriusjs/gateway';
import Fastify from 'fastify';

const [folder, origin, port] = process.argv.slice(2);
const app = Fastify();
app.register(gateway, {
  jit: 1,
  gateway: {
    services: ['accounts', 'inventory', 'products', 'reviews'].map((name) => ({
      name,
      url: `${origin}/${name}`,
      schema: readFileSync(join(folder, `${name}.graphql`), 'utf8'),
      connections: 50,
    })),
  },
});
await app.listen({ port: Number(port), host: '127.0.0.1' });
