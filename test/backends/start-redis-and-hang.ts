// A test run in small, for the test that kills one: it starts a server, names its pid and never ends by itself.
import { startRedis } from './redis.ts';

const { pid } = await startRedis();
console.log(pid);
setInterval(() => undefined, 60_000);
