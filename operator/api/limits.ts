import { integer, networks, rules, section } from './schema.ts';

const limit = (preset: number, description: string) =>
  integer({ minimum: 1, maximum: 1_000_000, default: preset, description });

const PerUser = section(
  {
    loginsPerMinute: limit(60, 'Attempts to log in with one name, whether there is such a user or not.'),
    likesPerMinute: limit(600, 'Likes and unlikes.'),
    commentsPerMinute: limit(120, 'Comments that are written or deleted.'),
    followsPerMinute: limit(300, 'Follows and unfollows.'),
    messagesPerMinute: limit(300, 'Messages that are sent.'),
    uploadsPerDay: limit(1_000, 'Uploads that are begun.'),
    uploadMegabytesPerDay: limit(51_200, 'Size of all uploads together, in MiB.'),
    concurrentUploads: limit(4, 'Uploads that are on their way at the same time.'),
  },
  {
    description:
      'What one user may do. Beyond it the answer is 429 with Retry-After; what is used up comes back evenly.',
  },
);

const PerIp = section(
  {
    registrationsPerMinute: limit(300, 'Registrations.'),
    loginsPerMinute: limit(600, 'Attempts to log in.'),
    likesPerMinute: limit(6_000, 'Likes and unlikes.'),
    commentsPerMinute: limit(1_200, 'Comments that are written or deleted.'),
    followsPerMinute: limit(3_000, 'Follows and unfollows.'),
    messagesPerMinute: limit(3_000, 'Messages that are sent.'),
    uploadsPerMinute: limit(120, 'Uploads that are begun.'),
  },
  {
    description:
      'What may be done from one address (of IPv6, one /64 network), which many users can share: behind one router, or in one mobile network.',
  },
);

export const Limits = section(
  {
    uploadMegabytes: integer({
      minimum: 1,
      maximum: 5120,
      default: 128,
      description: 'Largest upload, in MiB.',
    }),
    perUser: PerUser,
    perIp: PerIp,
    exemptCidrs: networks({
      default: [],
      description:
        'Networks whose requests are never limited by perUser and perIp: those of your own tests or back offices.',
    }),
  },
  {
    description: 'What one request, one user and one address may ask for.',
    ...rules({
      rule: 'self.perUser.uploadMegabytesPerDay >= self.uploadMegabytes',
      message:
        'limits.perUser.uploadMegabytesPerDay must be at least limits.uploadMegabytes: otherwise the largest upload could never be made',
    }),
  },
);
