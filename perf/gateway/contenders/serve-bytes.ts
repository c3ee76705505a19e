// A process: a bare server that sends a file's bytes to whoever asks.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [file = '', port = '0'] = process.argv.slice(2);
const answer = readFileSync(file);
const headers = { 'content-type': 'application/json', 'content-length': answer.length };

createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(200, headers).end(answer));
}).listen(Number(port), '127.0.0.1');
