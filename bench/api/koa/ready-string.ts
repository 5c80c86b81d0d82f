/** The ceiling that reads are compared with: Koa and nothing else, answering one text. Usage: ready-string.ts FILE */
import { readFileSync } from 'node:fs';
import Koa from 'koa';
import { announcePort } from './announce-port.ts';

const text = readFileSync(process.argv[2] ?? '', 'utf8');
const app = new Koa();
app.use((ctx) => {
  ctx.type = 'application/json';
  ctx.body = text;
});
announcePort(app);
