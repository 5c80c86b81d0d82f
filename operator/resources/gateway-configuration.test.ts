import assert from 'node:assert/strict';
import { buildPlatform, externalStore } from '../testing/build-platform.ts';
import { gatewayConfiguration } from './gateway-configuration.ts';

const embedded = gatewayConfiguration(buildPlatform(), 'http://127.0.0.1:30080');

/** The lines of the location with this match. */
function locationOf(configuration: string, match: string): string {
  const start = configuration.indexOf(`location ${match} {`);
  assert.ok(start >= 0, `there is a location ${match}`);
  return configuration.slice(start, configuration.indexOf('\n    }', start));
}

describe('the configuration of the gateway', () => {
  for (const [path, service] of [
    ['= /douyin/user/register/', 'auth'],
    ['= /douyin/user/login', 'auth'],
    ['= /douyin/user/', 'user'],
    ['/douyin/relation/', 'user'],
    ['= /douyin/feed', 'video'],
    ['/douyin/favorite/', 'video'],
    ['= /douyin/publish/list/', 'video'],
    ['= /douyin/publish/action/', 'publish'],
    ['/v1/', 'auth'],
    ['/v1/uploads/', 'publish'],
    ['/shop-demo-media/', 'object_store'],
    ['/shop-demo-originals/', 'object_store'],
  ] as const) {
    it(`leads ${path} to ${service}`, () => {
      assert.match(locationOf(embedded, path), new RegExp(`proxy_pass http://${service};`));
    });
  }

  it('tells the services where a client is, whatever the client says itself', () => {
    assert.match(embedded, /proxy_set_header X-Forwarded-For \$remote_addr;/);
    assert.doesNotMatch(embedded, /proxy_add_x_forwarded_for/);
  });

  it('answers outside of /douyin with problem details', () => {
    assert.match(locationOf(embedded, '/v1/'), /error_page 502 504 =503 @problem_unavailable;/);
    assert.match(
      locationOf(embedded, '@problem_unavailable'),
      /application\/problem\+json;\s+return 503 '\{"type":"urn:/,
    );
  });

  it('tells clients when to come back, unless the service that answered has told them', () => {
    const rules = [...embedded.matchAll(/^ +"~([^"]*503[^"]*)" "?(1?)"?;$/gm)];
    const told = (statuses: string) => rules.find(([, pattern]) => new RegExp(pattern ?? '').test(statuses))?.[2] ?? '';
    // The status that the client gets, then those of the replicas that were asked.
    assert.deepEqual(['503 502, 502', '503 504', '503 '].map(told), ['1', '1', '1']);
    assert.deepEqual(['503 503', '503 502, 503', '200 502, 200', '404 '].map(told), ['', '', '', '']);
  });

  it('takes uploads as they arrive, up to the limit of the object', () => {
    const configuration = gatewayConfiguration(buildPlatform({ limits: { uploadMegabytes: 7 } }), 'http://x');
    const publish = locationOf(configuration, '= /douyin/publish/action');
    assert.match(publish, /proxy_request_buffering off;/);
    assert.match(publish, /client_max_body_size 8m;/);
  });

  it('takes a query of the longest message, and answers in JSON to a longer one', () => {
    assert.match(embedded, /large_client_header_buffers 4 16k;/);
    assert.match(embedded, /error_page 414 494 =413 \/failures\/too-large;/);
    assert.match(locationOf(embedded, '= /failures/too-large'), /internal;\n.*\n.*return 413 '\{"status_code":41301,/);
  });

  it('keeps Host, which signatures cover', () => {
    assert.match(embedded, /proxy_set_header Host \$http_host;/);
  });

  it('logs no query: tokens travel there', () => {
    const log = embedded.split('\n').find((line) => line.includes('log_format')) ?? '';
    assert.match(embedded, /error_log \/dev\/stderr crit;/);
    assert.doesNotMatch(log, /\$(request|request_uri|args|query_string|http_referer)\b/);
  });

  it('lets the page load media from where their links point to', () => {
    const platform = buildPlatform({ objectStore: externalStore });
    const configuration = gatewayConfiguration(platform, 'https://tok.example.org');
    assert.match(
      configuration,
      /media-src 'self' blob: https:\/\/tok\.example\.org https:\/\/cdn\.example\.org https:\/\/s3\.example\.org;/,
    );
    assert.doesNotMatch(configuration, /object_store/);
  });

  it('writes out the addresses of Services, so that one that was made again is another configuration', () => {
    const { video, ...others } = { video: '10.0.0.7', auth: 'fd00::7', 'object-store': '10.0.0.9' };
    const configuration = gatewayConfiguration(buildPlatform(), 'http://x', { video, ...others });
    assert.match(configuration, /upstream video \{\n +server 10\.0\.0\.7:80 /);
    assert.match(configuration, /upstream auth \{\n +server \[fd00::7\]:80 /);
    assert.match(configuration, /upstream object_store \{\n +server 10\.0\.0\.9:7070 /);
    assert.match(configuration, /upstream user \{\n +server demo-user\.shop\.svc:80 /);
    assert.notEqual(gatewayConfiguration(buildPlatform(), 'http://x', { video: '10.0.0.8', ...others }), configuration);
  });

  it('has as many opening as closing braces', () => {
    assert.equal(embedded.split('{').length, embedded.split('}').length);
  });
});

describe('the configuration of a gateway with a certificate', () => {
  const configuration = gatewayConfiguration(
    buildPlatform({ gateway: { tls: { secretRef: { name: 'tok-tls' } } } }),
    'https://tok.example.org',
  );

  it('speaks TLS alone, and sends plain requests there', () => {
    assert.match(configuration, /listen 8443 ssl;\n +ssl_certificate \/etc\/nginx\/certificate\/tls\.crt;/);
    assert.doesNotMatch(configuration, /listen 8080/);
    assert.match(configuration, /error_page 497 =308 https:\/\/\$http_host\$request_uri;/);
    assert.match(configuration, /ssl_protocols TLSv1\.2 TLSv1\.3;/);
  });
});
