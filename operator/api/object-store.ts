import Type from 'typebox';
import { baseUrl, origin, reference, rules, shaped } from './schema.ts';
import { embedded, immutable, oneOf, prefix, staysWhere } from './server.ts';

const isBucket = shaped(
  '^[a-z0-9][a-z0-9.-]*[a-z0-9]$',
  'must be the name of a bucket: lower-case letters, digits, dots and dashes, the first and the last a letter or digit',
);

const bucket = (description: string) => Type.String({ minLength: 3, maxLength: 63, description, ...rules(isBucket) });

export const ObjectStore = Type.Object(
  {
    embedded: embedded('S3-compatible object server', { size: '20Gi', ephemeral: false }),
    s3: Type.Optional(
      Type.Object(
        {
          endpoint: origin('URL of the S3 API, for example https://s3.eu-central-1.amazonaws.com.'),
          region: Type.String({
            minLength: 1,
            maxLength: 64,
            default: 'us-east-1',
            description: 'Region that signatures name.',
          }),
          originalsBucket: bucket('Private bucket of the uploaded files; created if absent and allowed.'),
          mediaBucket: bucket('Bucket of the playable files, readable by anyone; created if absent and allowed.'),
          credentialsSecretRef: reference('Secret with the keys accessKeyId and secretAccessKey.'),
        },
        {
          description: 'S3 or a compatible service that you run: AWS S3, MinIO, Ceph, R2.',
          ...rules({
            rule: 'self.originalsBucket != self.mediaBucket',
            message:
              'originalsBucket and mediaBucket must differ: media is readable by anyone, originals by nobody. Name two buckets',
          }),
        },
      ),
    ),
    publicBaseUrl: Type.Optional(
      baseUrl(
        'What a client puts before the name of a media object: the media bucket or a CDN before it, without a trailing slash. Required with s3; with embedded it defaults to the gateway.',
      ),
    ),
    prefix: prefix('object name'),
  },
  {
    default: { embedded: {} },
    description: 'Where uploaded and playable files are kept. Exactly one of embedded and s3.',
    ...rules(
      oneOf('objectStore', 's3'),
      staysWhere('objectStore', 's3'),
      immutable('objectStore', 'prefix', 'existing videos would not be found'),
      {
        rule: '!has(self.s3) || has(self.publicBaseUrl)',
        message:
          'objectStore.publicBaseUrl is required with s3: set it to the URL of the media bucket or of the CDN before it',
      },
    ),
  },
);
