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
  /** What a write asked for, as JSON; empty where nothing was sent. */
  body: string;
  /** When the API server got it, in ms. */
  receivedMs: number;
}

const writingVerbs = ['create', 'update', 'patch', 'delete', 'deletecollection'];

/** Log who did what to which object, and of writes what they asked for. */
export const auditPolicy = JSON.stringify({
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived', 'ResponseStarted'],
  rules: [{ level: 'Request', verbs: writingVerbs }, { level: 'Metadata' }],
});

interface AuditEvent {
  user?: { username?: string };
  verb: string;
  objectRef?: { resource?: string; namespace?: string; name?: string; subresource?: string };
  responseStatus?: { code?: number };
  userAgent?: string;
  requestObject?: unknown;
  requestReceivedTimestamp?: string;
}

/** Everything in the log so far, in the order of the answers. */
export const auditedRequests = (logFile: string): AuditedRequest[] =>
  readFileSync(logFile, 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => requestOf(JSON.parse(line)));

export const isWrite = ({ verb }: AuditedRequest): boolean => writingVerbs.includes(verb);

const requestOf = ({ user, objectRef = {}, ...event }: AuditEvent): AuditedRequest => ({
  user: user?.username ?? '',
  verb: event.verb,
  resource: objectRef.resource ?? '',
  namespace: objectRef.namespace ?? '',
  name: objectRef.name ?? '',
  subresource: objectRef.subresource ?? '',
  code: event.responseStatus?.code ?? 0,
  userAgent: event.userAgent ?? '',
  body: event.requestObject === undefined ? '' : JSON.stringify(event.requestObject),
  receivedMs: Date.parse(event.requestReceivedTimestamp ?? ''),
});
