import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Server, type Socket } from 'node:net';

/** A way to a server that can be shut and opened again at the same port, as if the server were stopped and started. */
export interface RevolvingDoor {
  port: number;
  shut: () => Promise<void>;
  open: () => Promise<void>;
}

/** Passes every connection on to the server. */
export async function startDoor({ host, port }: { host: string; port: number }): Promise<RevolvingDoor> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    return socket.on('error', () => undefined);
  };
  const listen = async (on: number): Promise<Server> => {
    const server = createServer((socket) => {
      const inner = keep(createConnection({ host, port }));
      keep(socket).pipe(inner).pipe(socket);
      socket.once('close', () => inner.destroy());
      inner.once('close', () => socket.destroy());
    });
    await once(server.listen(on, '127.0.0.1'), 'listening');
    return server;
  };
  let server = await listen(0);
  const door = (server.address() as AddressInfo).port;
  return {
    port: door,
    shut: async () => {
      if (!server.listening) return;
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
    open: async () => {
      server = await listen(door);
    },
  };
}
