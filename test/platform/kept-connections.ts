import { Agent, request } from 'node:http';

/** A request that clients repeat, and what answers it. */
export interface Ask {
  method: 'GET' | 'POST';
  path: string;
  body?: string;
  isRight: (text: string) => boolean;
}

export interface Tally {
  answered: number;
  /** Requests that got no answer, or another one. */
  failures: string[];
  connections: number;
}

/**
 * Clients that keep their connections and never pause. Each takes the asks in turn; whoever wants to see that nothing is sent
 * twice puts a POST among them.
 */
export function keepAsking(url: string, { asks, clients }: { asks: readonly Ask[]; clients: number }) {
  const tally: Tally = { answered: 0, failures: [], connections: 0 };
  let asking = true;

  const ask = (agent: Agent, { method, path, body, isRight }: Ask) =>
    new Promise<void>((resolve) => {
      const sent = request(`${url}${path}`, { method, agent }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.once('end', () => {
          tally.answered += 1;
          if (response.statusCode !== 200 || !isRight(text))
            tally.failures.push(`${method} ${path.split('?')[0]}: ${response.statusCode} ${text.slice(0, 100)}`);
          resolve();
        });
      });
      sent.once('socket', (socket) => {
        if (!sent.reusedSocket && socket.connecting) tally.connections += 1;
      });
      sent.once('error', (error) => {
        tally.failures.push(`${method} ${path.split('?')[0]}: ${error.message}`);
        resolve();
      });
      sent.end(body);
    });
  const client = async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    while (asking) for (const one of asks) await ask(agent, one);
    agent.destroy();
  };
  const done = Promise.all(Array.from({ length: clients }, client));

  return {
    tally,
    stop: async () => {
      asking = false;
      await done;
    },
  };
}
