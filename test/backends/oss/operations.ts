import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { type Buckets, type KeptObject, newBucket, newUploadId } from './state.ts';

export interface Operation {
  method: string;
  bucket: string;
  key: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface Reply {
  status: number;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

export const xml = (name: string, content: string, status = 200): Reply => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n<${name}>${content}</${name}>`,
});

const messages: Record<string, [number, string]> = {
  NoSuchBucket: [404, 'The specified bucket does not exist.'],
  NoSuchKey: [404, 'The specified key does not exist.'],
  NoSuchUpload: [404, 'The specified upload does not exist.'],
  InvalidRange: [416, 'The requested range cannot be satisfied.'],
  InvalidAccessKeyId: [403, 'The OSS Access Key Id you provided does not exist in our records.'],
  SignatureDoesNotMatch: [403, 'The request signature we calculated does not match the signature you provided.'],
  AccessDenied: [403, 'You have no right to access this object.'],
  MethodNotAllowed: [405, 'The specified method is not allowed against this resource.'],
};

export function refusal(code: string): Reply {
  const [status, message] = messages[code] ?? [400, code];
  return xml('Error', `<Code>${code}</Code><Message>${message}</Message><RequestId>0</RequestId>`, status);
}

const etagOf = (body: Buffer): string => `"${createHash('md5').update(body).digest('hex').toUpperCase()}"`;
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const aboutOf = ({ 'content-type': type, 'cache-control': cacheControl }: IncomingHttpHeaders) => ({
  contentType: type ?? 'application/octet-stream',
  cacheControl,
});

/** What OSS does with a request that may be made. */
export function carryOut(operation: Operation, buckets: Buckets): Reply {
  const { method, bucket: name, key, query } = operation;
  if (method === 'PUT' && key === '' && !query.has('acl')) {
    if (!buckets.has(name)) buckets.set(name, newBucket());
    return { status: 200 };
  }
  const bucket = buckets.get(name);
  if (!bucket) return refusal('NoSuchBucket');
  if (key === '') return ofBucket(operation, bucket);
  if (query.has('uploads') || query.has('uploadId')) return ofUpload(operation, bucket);
  const object = bucket.objects.get(key);
  switch (method) {
    case 'PUT':
      bucket.objects.set(key, { body: operation.body, ...aboutOf(operation.headers), modifiedAt: new Date() });
      return { status: 200, headers: { etag: etagOf(operation.body) } };
    case 'DELETE':
      bucket.objects.delete(key);
      return { status: 204 };
    case 'HEAD':
    case 'GET':
      return object ? sent(object, operation.headers.range) : refusal('NoSuchKey');
    default:
      return refusal('MethodNotAllowed');
  }
}

type Bucket = ReturnType<typeof newBucket>;

function ofBucket({ method, bucket: name, query, headers }: Operation, bucket: Bucket): Reply {
  if (query.has('bucketInfo')) return xml('BucketInfo', `<Bucket><Name>${name}</Name></Bucket>`);
  if (query.has('acl') && method === 'PUT') {
    bucket.acl = headers['x-oss-acl'] === 'public-read' ? 'public-read' : 'private';
    return { status: 200 };
  }
  if (query.has('acl')) {
    const grant = `<AccessControlList><Grant>${bucket.acl}</Grant></AccessControlList>`;
    return xml('AccessControlPolicy', `<Owner><ID>1</ID><DisplayName>1</DisplayName></Owner>${grant}`);
  }
  if (method !== 'GET') return refusal('MethodNotAllowed');
  return query.has('uploads') ? uploadsOf(bucket, query) : objectsOf(bucket, query);
}

/** A page of the names behind the marker, in their order. */
function pageOf(names: string[], { prefix, after, most }: { prefix: string; after: string; most: number }) {
  const matching = names.filter((name) => name.startsWith(prefix) && name > after).sort();
  const page = matching.slice(0, most);
  return { page, next: matching.length > page.length ? (page.at(-1) ?? '') : undefined };
}

function objectsOf({ objects }: Bucket, query: URLSearchParams): Reply {
  const { page, next } = pageOf([...objects.keys()], {
    prefix: query.get('prefix') ?? '',
    after: query.get('continuation-token') ?? '',
    most: Number(query.get('max-keys') ?? 100),
  });
  const contents = page.map((key) => {
    const { body, modifiedAt } = objects.get(key) as KeptObject;
    const about = `<LastModified>${modifiedAt.toISOString()}</LastModified><Size>${body.length}</Size>`;
    return `<Contents><Key>${escaped(key)}</Key>${about}</Contents>`;
  });
  const more = next === undefined ? '' : `<NextContinuationToken>${escaped(next)}</NextContinuationToken>`;
  return xml('ListBucketResult', `<IsTruncated>${next !== undefined}</IsTruncated>${more}${contents.join('')}`);
}

function uploadsOf({ uploads }: Bucket, query: URLSearchParams): Reply {
  const prefix = query.get('prefix') ?? '';
  const found = [...uploads].filter(([, { key }]) => key.startsWith(prefix));
  const texts = found.map(([id, { key, begunAt }]) => {
    const about = `<UploadId>${id}</UploadId><Initiated>${begunAt.toISOString()}</Initiated>`;
    return `<Upload><Key>${escaped(key)}</Key>${about}</Upload>`;
  });
  return xml('ListMultipartUploadsResult', `<IsTruncated>false</IsTruncated>${texts.join('')}`);
}

function ofUpload({ method, key, query, headers, body }: Operation, { objects, uploads }: Bucket): Reply {
  if (query.has('uploads')) {
    const id = newUploadId();
    uploads.set(id, { key, begunAt: new Date(), ...aboutOf(headers), parts: new Map() });
    return xml('InitiateMultipartUploadResult', `<Key>${escaped(key)}</Key><UploadId>${id}</UploadId>`);
  }
  const id = query.get('uploadId') ?? '';
  const upload = uploads.get(id);
  if (upload?.key !== key) return refusal('NoSuchUpload');
  if (method === 'PUT') {
    upload.parts.set(Number(query.get('partNumber')), body);
    return { status: 200, headers: { etag: etagOf(body) } };
  }
  uploads.delete(id);
  if (method === 'DELETE') return { status: 204 };
  const wanted = [...body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber>/g)].map(([, number]) => Number(number));
  const whole = Buffer.concat(wanted.map((number) => upload.parts.get(number) ?? Buffer.alloc(0)));
  const { contentType, cacheControl } = upload;
  objects.set(key, { body: whole, contentType, cacheControl, modifiedAt: new Date() });
  return xml('CompleteMultipartUploadResult', `<Key>${escaped(key)}</Key><ETag>${etagOf(whole)}</ETag>`);
}

function sent({ body, contentType, cacheControl, modifiedAt }: KeptObject, range: string | undefined): Reply {
  const headers: Record<string, string> = {
    'content-type': contentType,
    'last-modified': modifiedAt.toUTCString(),
    'accept-ranges': 'bytes',
    etag: etagOf(body),
    ...(cacheControl && { 'cache-control': cacheControl }),
  };
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
  if (from === undefined) return { status: 200, headers, body };
  const first = Number(from);
  const last = to ? Math.min(Number(to), body.length - 1) : body.length - 1;
  if (first > last) return refusal('InvalidRange');
  const part = { 'content-range': `bytes ${first}-${last}/${body.length}` };
  return { status: 206, headers: { ...headers, ...part }, body: body.subarray(first, last + 1) };
}
