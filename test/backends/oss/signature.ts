import { createHash, createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What is signed of a request to OSS. */
export interface SignedRequest {
  method: string;
  /** Decoded; empty where the request is about a bucket. */
  bucket: string;
  key: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
}

export interface Secrets {
  accessKeyId: string;
  accessKeySecret: string;
  /** Without `oss-` before it. */
  region: string;
}

/** Who is let in: the owner, anybody (nothing was signed), or nobody, with the code of the answer. */
export type Verdict = 'owner' | 'anybody' | 'InvalidAccessKeyId' | 'SignatureDoesNotMatch' | 'AccessDenied';

const skewMs = 15 * 60_000;

/** Computes the signature again, by the published algorithms of versions 1 and 4, in a header or in a link. */
export function judge(request: SignedRequest, secrets: Secrets, nowMs: number): Verdict {
  const { authorization = '' } = request.headers;
  if (authorization.startsWith('OSS4-HMAC-SHA256 ')) return judgeHeader4(request, authorization, secrets, nowMs);
  if (authorization.startsWith('OSS ')) return judgeHeader1(request, authorization, secrets);
  if (request.query.has('x-oss-signature')) return judgeLink4(request, secrets, nowMs);
  if (request.query.has('Signature')) return judgeLink1(request, secrets, nowMs);
  return 'anybody';
}

function judgeHeader4(request: SignedRequest, authorization: string, secrets: Secrets, nowMs: number): Verdict {
  const parts = Object.fromEntries(
    authorization
      .slice('OSS4-HMAC-SHA256 '.length)
      .split(',')
      .map((part) => part.trim().split(/=(.*)/s, 2)),
  );
  const date = String(request.headers['x-oss-date'] ?? '');
  if (Math.abs(timeOf(date) - nowMs) > skewMs) return 'AccessDenied';
  const additional = String(parts.AdditionalHeaders ?? '').split(';');
  return compare4(request, { date, credential: parts.Credential, signature: parts.Signature, additional }, secrets);
}

function judgeLink4(request: SignedRequest, secrets: Secrets, nowMs: number): Verdict {
  const value = (name: string) => request.query.get(`x-oss-${name}`) ?? '';
  const date = value('date');
  const ageMs = nowMs - timeOf(date);
  if (ageMs < -skewMs || ageMs > Number(value('expires')) * 1000) return 'AccessDenied';
  const query = new URLSearchParams(request.query);
  query.delete('x-oss-signature');
  const claim = {
    date,
    credential: value('credential'),
    signature: value('signature'),
    additional: value('additional-headers').split(';'),
  };
  return compare4({ ...request, query }, claim, secrets);
}

interface Claim4 {
  date: string;
  credential: string | undefined;
  signature: string | undefined;
  additional: string[];
}

function compare4(request: SignedRequest, claim: Claim4, secrets: Secrets): Verdict {
  const { accessKeyId, accessKeySecret, region } = secrets;
  const scope = `${claim.date.slice(0, 8)}/${region}/oss/aliyun_v4_request`;
  if (!claim.credential?.startsWith(`${accessKeyId}/`)) return 'InvalidAccessKeyId';
  if (claim.credential !== `${accessKeyId}/${scope}`) return 'SignatureDoesNotMatch';
  const additional = claim.additional.filter(Boolean).sort();
  const canonical = canonicalRequest4(request, additional);
  const text = ['OSS4-HMAC-SHA256', claim.date, scope, createHash('sha256').update(canonical).digest('hex')].join('\n');
  const keys = scope.split('/');
  const key = keys.reduce<Buffer | string>(
    (secret, part) => createHmac('sha256', secret).update(part).digest(),
    `aliyun_v4${accessKeySecret}`,
  );
  const expected = createHmac('sha256', key).update(text).digest('hex');
  return expected === claim.signature ? 'owner' : 'SignatureDoesNotMatch';
}

function canonicalRequest4({ method, bucket, key, query, headers }: SignedRequest, additional: string[]): string {
  const uri = encode(`/${bucket ? `${bucket}/` : ''}${key}`).replaceAll('%2F', '/');
  const signed = Object.keys(headers)
    .filter((name) => /^(content-type|content-md5|x-oss-.*)$/.test(name) || additional.includes(name))
    .sort();
  return [
    method,
    uri,
    [...query]
      .map(([name, value]) => (value === '' ? encode(name) : `${encode(name)}=${encode(value)}`))
      .sort()
      .join('&'),
    signed.map((name) => `${name}:${String(headers[name]).trim()}\n`).join(''),
    additional.join(';'),
    headers['x-oss-content-sha256'] ?? 'UNSIGNED-PAYLOAD',
  ].join('\n');
}

function judgeHeader1(request: SignedRequest, authorization: string, secrets: Secrets): Verdict {
  const [accessKeyId, signature] = authorization.slice('OSS '.length).split(':');
  const { headers } = request;
  return compare1(request, { accessKeyId, signature, date: String(headers['x-oss-date'] ?? headers.date) }, secrets);
}

function judgeLink1(request: SignedRequest, secrets: Secrets, nowMs: number): Verdict {
  const { query } = request;
  const expires = query.get('Expires') ?? '';
  if (Number(expires) * 1000 < nowMs) return 'AccessDenied';
  const claim = { accessKeyId: query.get('OSSAccessKeyId'), signature: query.get('Signature'), date: expires };
  return compare1(request, claim, secrets);
}

interface Claim1 {
  accessKeyId: string | null | undefined;
  signature: string | null | undefined;
  date: string;
}

/** Parameters that choose what of a resource is meant; others are not signed. */
const subresources = ['acl', 'bucketInfo', 'continuation-token', 'partNumber', 'uploadId', 'uploads'];

function compare1({ method, bucket, key, query, headers }: SignedRequest, claim: Claim1, secrets: Secrets): Verdict {
  if (claim.accessKeyId !== secrets.accessKeyId) return 'InvalidAccessKeyId';
  const ossHeaders = Object.keys(headers)
    .filter((name) => name.startsWith('x-oss-'))
    .sort()
    .map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const chosen = [...query]
    .filter(([name]) => subresources.includes(name))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
    .sort();
  const resource = `/${bucket ? `${bucket}/` : ''}${key}${chosen.length > 0 ? `?${chosen.join('&')}` : ''}`;
  const text = [
    method,
    headers['content-md5'] ?? '',
    headers['content-type'] ?? '',
    claim.date,
    `${ossHeaders.join('')}${resource}`,
  ].join('\n');
  const expected = createHmac('sha1', secrets.accessKeySecret).update(text).digest('base64');
  return expected === claim.signature ? 'owner' : 'SignatureDoesNotMatch';
}

/** RFC 3986: nothing but unreserved characters stays. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

/** `20301231T235959Z`. */
function timeOf(date: string): number {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
