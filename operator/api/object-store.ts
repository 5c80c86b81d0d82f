import Type from 'typebox';
import { baseUrl, origin, reference, rules, shaped } from './schema.ts';
import { embedded, immutable, oneOf, prefix, staysWhere } from './server.ts';

const isBucket = shaped(
  '^[a-z0-9][a-z0-9.-]*[a-z0-9]$',
  'must be the name of a bucket: lower-case letters, digits, dots and dashes, the first and the last a letter or digit',
);

const bucket = (description: string) => Type.String({ minLength: 3, maxLength: 63, description, ...rules(isBucket) });

const region = (preset: string) =>
  Type.String({ minLength: 1, maxLength: 64, default: preset, description: 'Region that signatures name.' });

/** What every store that people run themselves has. */
const theirs = {
  originalsBucket: bucket('Private bucket of the uploaded files; created if absent and allowed.'),
  mediaBucket: bucket('Bucket of the playable files, readable by anyone; created if absent and allowed.'),
  credentialsSecretRef: reference('Secret with the keys accessKeyId and secretAccessKey.'),
};

const twoBuckets = {
  rule: 'self.originalsBucket != self.mediaBucket',
  message:
    'originalsBucket and mediaBucket must differ: media is readable by anyone, originals by nobody. Name two buckets',
};

export const ObjectStore = Type.Object(
  {
    embedded: embedded('S3-compatible object server', { size: '20Gi', ephemeral: false }),
    s3: Type.Optional(
      Type.Object(
        {
          endpoint: origin('URL of the S3 API, for example https://s3.eu-central-1.amazonaws.com.'),
          region: region('us-east-1'),
          ...theirs,
        },
        {
          description: 'S3 or a compatible service that you run: AWS S3, MinIO, Ceph, R2.',
          ...rules(twoBuckets),
        },
      ),
    ),
    oss: Type.Optional(
      Type.Object(
        {
          endpoint: origin(
            'URL of OSS, for example https://oss-cn-hangzhou-internal.aliyuncs.com, without the name of a bucket.',
          ),
          publicEndpoint: Type.Optional(
            origin('URL at which clients reach OSS, which signed links name, where endpoint is an internal one.'),
          ),
          region: region('cn-hangzhou'),
          ...theirs,
        },
        { description: 'Alibaba Cloud OSS.', ...rules(twoBuckets) },
      ),
    ),
    publicBaseUrl: Type.Optional(
      baseUrl(
        'What a client puts before the name of a media object: the media bucket or a CDN before it, without a trailing slash. Required with s3 and oss; with embedded it defaults to the gateway.',
      ),
    ),
    prefix: prefix('object name'),
  },
  {
    default: { embedded: {} },
    description: 'Where uploaded and playable files are kept. Exactly one of embedded, s3 and oss.',
    ...rules(
      oneOf('objectStore', 's3', 'oss'),
      staysWhere('objectStore', 's3', 'oss'),
      immutable('objectStore', 'prefix', 'existing videos would not be found'),
      {
        rule: '!(has(self.s3) || has(self.oss)) || has(self.publicBaseUrl)',
        message:
          'objectStore.publicBaseUrl is required with s3 and oss: set it to the URL of the media bucket or of the CDN before it',
      },
    ),
  },
);
