import { readFileSync } from 'node:fs';

/** A request that the API server has answered, as its audit log tells it. */
export interface AuditedRequest {
  user: string;
  verb: string;
  resource: string;
  namespace: string;
  name: string;
  subresource: string;
  code: number;
  userAgent: string;
  /** When the API server got it, in ms. */
  receivedMs: number;
}

/** Log who did what to which object; bodies are not kept. */
export const auditPolicy = JSON.stringify({
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived', 'ResponseStarted'],
  rules: [{ level: 'Metadata' }],
});

interface AuditEvent {
  user?: { username?: string };
  verb: string;
  objectRef?: { resource?: string; namespace?: string; name?: string; subresource?: string };
  responseStatus?: { code?: number };
  userAgent?: string;
  requestReceivedTimestamp?: string;
}

const writingVerbs = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);

/** Everything in the log so far, in the order of the answers. */
export const auditedRequests = (logFile: string): AuditedRequest[] =>
  readFileSync(logFile, 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => requestOf(JSON.parse(line)));

export const isWrite = ({ verb }: AuditedRequest): boolean => writingVerbs.has(verb);

const requestOf = ({ user, objectRef = {}, ...event }: AuditEvent): AuditedRequest => ({
  user: user?.username ?? '',
  verb: event.verb,
  resource: objectRef.resource ?? '',
  namespace: objectRef.namespace ?? '',
  name: objectRef.name ?? '',
  subresource: objectRef.subresource ?? '',
  code: event.responseStatus?.code ?? 0,
  userAgent: event.userAgent ?? '',
  receivedMs: Date.parse(event.requestReceivedTimestamp ?? ''),
});
