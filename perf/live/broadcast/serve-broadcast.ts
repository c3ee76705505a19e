// A process: speaks just as much graphql-ws as a subscriber needs, and sends everybody the same text.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

const http = createServer();
const server = new WebSocketServer({
  server: http,
  perMessageDeflate: false,
  handleProtocols: (offered) => [...offered][0] ?? false,
});
server.on('connection', (socket) => {
  socket.on('message', (data: Buffer) => {
    if (data.includes('connection_init')) socket.send('{"type":"connection_ack"}');
  });
});
process.on('message', (text: string) => {
  for (const socket of server.clients) socket.send(text);
});
process.once('disconnect', () => process.exit());
http.listen(0, '127.0.0.1', () => process.send?.((http.address() as AddressInfo).port));
