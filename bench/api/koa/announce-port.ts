import type { AddressInfo } from 'node:net';
import type Koa from 'koa';

/** Listens, and tells the parent process where. */
export function announcePort(app: Koa): void {
  const server = app.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    process.send?.(port);
  });
}
