export type Parameters = Readonly<Record<string, string | number>>;

const encode = (parameters: Parameters): string =>
  new URLSearchParams(Object.entries(parameters).map(([name, value]) => [name, String(value)])).toString();

/** A request with its parameters in the query, as the official client sends it; as it goes over the wire. */
export const get = (path: string, parameters: Parameters): string =>
  `GET ${path}?${encode(parameters)} HTTP/1.1\r\nHost: bench\r\n\r\n`;

/** A request with its parameters in an urlencoded body. */
export function post(path: string, parameters: Parameters): string {
  const body = encode(parameters);
  const type = 'Content-Type: application/x-www-form-urlencoded';
  return `POST ${path} HTTP/1.1\r\nHost: bench\r\n${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

/** The reply to a prepared request. */
export async function answerTo(address: string, request: string): Promise<string> {
  const [head = '', body = ''] = request.split('\r\n\r\n');
  const [method = '', url = ''] = head.split(' ');
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const init = method === 'POST' ? { method, body, headers } : { method };
  return (await fetch(address + url, init)).text();
}
