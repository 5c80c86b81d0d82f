import { block } from './nginx-block.ts';

/** How long the gateway goes on answering after it was told to go: whoever uses a connection until then gets a goodbye on it. */
export const leaveSeconds = 8;

/** While this file is there, each answer is the last one of its connection. */
const leavingFile = '/tmp/leaving';

/** What the kubelet runs before it ends nginx: nobody is sent here any more, and connections end with an answer in hand. */
export const leaveCommand = ['sh', '-c', `touch ${leavingFile} && sleep ${leaveSeconds}`];

/** Lines of the server: every request passes through the location below on its way to its own. */
export const leavingLines = [
  'set $wanted $uri;',
  block(`if (-f ${leavingFile})`, ['rewrite ^ /leaving last;']),
  // Once keep-alive is off for a request it stays off. The real location checks the size of the body.
  block('location = /leaving', [
    'internal;',
    'keepalive_timeout 0;',
    'client_max_body_size 0;',
    'rewrite ^ $wanted last;',
  ]),
];

/** Answers the probe of readiness. */
export const readyLocation = block('location = /readyz', [
  block(`if (-f ${leavingFile})`, ['return 503;']),
  'return 204;',
]);
