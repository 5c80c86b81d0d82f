import type { TiktokLite } from '../api/tiktok-lite.ts';
import { embeddedPorts, objectStoreAddress, originOfLinks } from './addresses.ts';
import { leavingLines, readyLocation } from './gateway-leaving.ts';
import { bracketed, serviceHost } from './names.ts';
import { block } from './nginx-block.ts';
import { apiServicePort, routes, uploadPath } from './routes.ts';

/** Ports of the gateway: nginx without privileges, and a second server for probes that clients cannot reach. */
export const gatewayPorts = { http: 8080, https: 8443, health: 9090 } as const;

const matches = (path: string): string[] => (path.endsWith('/') ? [path] : [`= ${path}`, `= ${path}/`]);

/** Listed twice, so that a request which met a connection that was just closed is sent once more (never a POST). */
const upstream = (name: string, address: string): string =>
  block(`upstream ${name}`, [
    `server ${address} max_fails=0;`,
    `server ${address} max_fails=0;`,
    'keepalive 32;',
    `keepalive_timeout ${upstreamIdleSeconds}s;`,
  ]);

/** Shorter than the services keep an idle connection: they never close one that is about to be used. */
const upstreamIdleSeconds = 30;

/**
 * Addresses of the Services behind the gateway, by component. nginx resolves names at its start only: written out, the
 * address of a Service that was made again is another configuration, and rolls it. A name stands in for an unknown one.
 */
export type ServiceAddresses = Partial<Record<string, string>>;

function upstreams(platform: TiktokLite, addresses: ServiceAddresses): string[] {
  const hostOf = (component: string) => bracketed(addresses[component] ?? serviceHost(platform, component));
  const apis = routes.map(({ service }) => upstream(service, `${hostOf(service)}:${apiServicePort}`));
  if (!platform.spec.objectStore.embedded) return apis;
  return [...apis, upstream('object_store', `${hostOf('object-store')}:${embeddedPorts['object-store']}`)];
}

const apiLocations = (): string[] =>
  routes.flatMap(({ service, paths }) =>
    paths
      .filter((path) => path !== uploadPath)
      .flatMap(matches)
      .map((match) =>
        block(`location ${match}`, [
          `proxy_pass http://${service};`,
          ...(match.startsWith('/v1/') ? problemPages : []),
        ]),
      ),
  );

/** A multipart body is more than its file. */
export const envelopeMegabytes = 1;

/** The upload goes through as it arrives: nothing is stored here, and one without a valid token is cut off early. */
const publishLocations = ({ spec }: TiktokLite): string[] =>
  matches(uploadPath).map((match) =>
    block(`location ${match}`, [
      'proxy_pass http://publish;',
      'proxy_request_buffering off;',
      'proxy_send_timeout 300s;',
      'proxy_read_timeout 300s;',
      `client_max_body_size ${spec.limits.uploadMegabytes + envelopeMegabytes}m;`,
    ]),
  );

/** Buckets of an embedded store are read through the gateway, path and Host as they are: signatures cover both. */
function bucketLocations(platform: TiktokLite): string[] {
  if (!platform.spec.objectStore.embedded) return [];
  const { originalsBucket, mediaBucket } = objectStoreAddress(platform, '');
  return [originalsBucket, mediaBucket].map((bucket) =>
    block(`location /${bucket}/`, [
      block('limit_except GET HEAD', ['deny all;']),
      'proxy_pass http://object_store;',
      'proxy_max_temp_file_size 0;',
    ]),
  );
}

/** Answers of the gateway itself, in the envelope of the API. */
const failures = [
  { name: '@too_large', status: 413, wire: 41301, message: 'the request is too large' },
  { name: '@not_found', status: 200, wire: 40400, message: 'there is no such route' },
  { name: '@unavailable', status: 503, wire: 50300, message: 'the server cannot answer now: try again' },
  // A request whose first lines cannot be read has no path yet, and without one nginx finds no named location.
  { name: '= /failures/too-large', status: 413, wire: 41301, message: 'the request is too large' },
  { name: '= /failures/malformed', status: 400, wire: 40001, message: 'the request is not valid HTTP' },
];

/** The same outside `/douyin`, as problem details with the codes of the services. */
const problems = [
  { name: '@problem_too_large', on: '413', status: 413, code: 'content_too_large', title: 'the request is too large' },
  {
    ...{ name: '@problem_unavailable', on: '502 504', status: 503, code: 'unavailable' },
    title: 'the server cannot answer now: try again',
  },
];

const problemPages = problems.map(({ name, on, status }) => `error_page ${on} =${status} ${name};`);

const failureLocations = (): string[] => [
  ...failures.map(({ name, status, wire, message }) =>
    block(`location ${name}`, [
      ...(name.startsWith('@') ? [] : ['internal;']),
      'default_type application/json;',
      `return ${status} '${JSON.stringify({ status_code: wire, status_msg: message })}';`,
    ]),
  ),
  ...problems.map(({ name, status, code, title }) => {
    const type = `urn:tiktok-lite:problem:${code}`;
    const problem = { type, title, status, detail: title, code, request_id: '$request_id' };
    return block(`location ${name}`, [
      'default_type application/problem+json;',
      `return ${status} '${JSON.stringify(problem)}';`,
    ]);
  }),
];

/** What the page may load: its own files, and media from wherever their links point to. */
function pagePolicy(platform: TiktokLite, publicUrl: string): string {
  const { publicBaseUrl } = platform.spec.objectStore;
  const origins = [publicUrl, publicBaseUrl, originOfLinks(platform, publicUrl)].flatMap((url) =>
    url ? [new URL(url).origin] : [],
  );
  const media = [...new Set(origins)].join(' ');
  return [
    "default-src 'self'",
    `img-src 'self' data: ${media}`,
    `media-src 'self' blob: ${media}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** A line of JSON for each request. The path comes without its query: tokens travel there. */
const accessLog = [
  '"time":"$time_iso8601"',
  '"requestId":"$request_id"',
  '"method":"$request_method"',
  '"path":"$uri"',
  '"status":$status',
  '"bytes":$bytes_sent',
  '"seconds":$request_time',
  '"upstream":"$upstream_addr"',
  '"upstreamSeconds":"$upstream_response_time"',
  '"address":"$remote_addr"',
].join(',');

/** Where the certificate of the platform is mounted, as tls.crt and tls.key. */
export const certificateFolder = '/etc/nginx/certificate';

const listening = ({ spec }: TiktokLite): string[] =>
  spec.gateway.tls
    ? [
        `listen ${gatewayPorts.https} ssl;`,
        `ssl_certificate ${certificateFolder}/tls.crt;`,
        `ssl_certificate_key ${certificateFolder}/tls.key;`,
        'ssl_protocols TLSv1.2 TLSv1.3;',
        'ssl_session_cache shared:sessions:1m;',
      ]
    : [`listen ${gatewayPorts.http};`];

const server = (platform: TiktokLite): string =>
  block('server', [
    ...listening(platform),
    'root /usr/share/nginx/html;',
    ...leavingLines,
    ...apiLocations(),
    ...publishLocations(platform),
    block('location /douyin/', ['error_page 404 = @not_found;', 'return 404;']),
    ...bucketLocations(platform),
    block('location ~ ^/(metrics|healthz|readyz)/?$', ['return 404;']),
    block('location /', ['expires -1;', 'try_files $uri $uri/ =404;']),
    ...failureLocations(),
  ]);

const healthServer = block('server', [
  `listen ${gatewayPorts.health};`,
  'access_log off;',
  block('location = /healthz', ['return 204;']),
  readyLocation,
  block('location /', ['return 404;']),
]);

const temporaryPaths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
  (kind) => `${kind}_temp_path /tmp/${kind};`,
);

/** The whole nginx.conf of the gateway: path routing and the limits of the object. Same input, same text. */
export const gatewayConfiguration = (
  platform: TiktokLite,
  publicUrl: string,
  addresses: ServiceAddresses = {},
): string =>
  [
    'pid /tmp/nginx.pid;',
    // Lower levels quote whole requests, and with them tokens; the access log has their outcome.
    'error_log /dev/stderr crit;',
    'worker_processes 2;',
    'worker_shutdown_timeout 60s;',
    block('events', ['worker_connections 4096;']),
    block('http', [
      'include /etc/nginx/mime.types;',
      'default_type application/octet-stream;',
      ...temporaryPaths,
      'server_tokens off;',
      'sendfile on;',
      'absolute_redirect off;',
      `log_format access escape=json '{${accessLog}}';`,
      'access_log /dev/stdout access;',
      'gzip on;',
      'gzip_vary on;',
      'gzip_proxied any;',
      'gzip_comp_level 4;',
      'gzip_min_length 1024;',
      'gzip_types application/json application/javascript text/javascript text/css image/svg+xml;',
      'client_max_body_size 1m;',
      'client_body_buffer_size 64k;',
      // The official client sends texts in the query: 1000 characters of four bytes, three letters each.
      'large_client_header_buffers 4 16k;',
      'proxy_http_version 1.1;',
      'proxy_connect_timeout 2s;',
      'proxy_read_timeout 30s;',
      'proxy_set_header Connection "";',
      'proxy_set_header Host $http_host;',
      'proxy_set_header X-Forwarded-For $remote_addr;',
      'proxy_set_header X-Forwarded-Proto $scheme;',
      'proxy_set_header X-Request-Id $request_id;',
      'proxy_hide_header X-Request-Id;',
      'error_page 413 @too_large;',
      'error_page 414 494 =413 /failures/too-large;',
      'error_page 400 /failures/malformed;',
      'error_page 502 504 =503 @unavailable;',
      // Plain HTTP on the port of TLS.
      'error_page 497 =308 https://$http_host$request_uri;',
      block('map $uri $policy', [
        `~^/(douyin|v1)/ "default-src 'none'; frame-ancestors 'none'";`,
        `default "${pagePolicy(platform, publicUrl)}";`,
      ]),
      // A service that is overloaded says itself when to come back, also one that is asked after others were found dead.
      block('map "$status $upstream_status" $retry_after', ['"~ 503$" "";', '"~^503" 1;', 'default "";']),
      'add_header X-Request-Id $request_id always;',
      'add_header X-Content-Type-Options nosniff always;',
      'add_header Referrer-Policy no-referrer always;',
      'add_header Content-Security-Policy $policy always;',
      'add_header Retry-After $retry_after always;',
      ...upstreams(platform, addresses),
      server(platform),
      healthServer,
    ]),
    '',
  ].join('\n');
