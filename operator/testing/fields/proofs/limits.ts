import { apis, type Proofs, told } from '../proof.ts';

/** One component enforces each limit, and is told it. */
const limit = (component: string, setting: string) => ({ to: 77, makes: told([component], `LIMIT_${setting}`, '77') });

/** Proofs of the fields of `limits`. */
export const limitProofs: Proofs = {
  'limits.uploadMegabytes': {
    to: 64,
    makes: {
      ...told(['publish'], 'UPLOAD_MAX_BYTES', String(64 * 1024 ** 2)),
      // The original lies beside what is made of it.
      'Deployment demo-transcoder spec template spec volumes work emptyDir sizeLimit': '1627Mi',
      'Deployment demo-transcoder spec template spec initContainers ffmpeg resources limits ephemeral-storage':
        '1819Mi',
      'ConfigMap demo-gateway-# data nginx.conf': /^client_max_body_size 65m;/,
      'Deployment demo-gateway spec template spec volumes configuration configMap name': 'demo-gateway-#',
    },
  },
  'limits.perUser.loginsPerMinute': limit('auth', 'USER_LOGINS_PER_MINUTE'),
  'limits.perUser.likesPerMinute': limit('video', 'USER_LIKES_PER_MINUTE'),
  'limits.perUser.commentsPerMinute': limit('video', 'USER_COMMENTS_PER_MINUTE'),
  'limits.perUser.followsPerMinute': limit('user', 'USER_FOLLOWS_PER_MINUTE'),
  'limits.perUser.messagesPerMinute': limit('user', 'USER_MESSAGES_PER_MINUTE'),
  'limits.perUser.uploadsPerDay': limit('publish', 'USER_UPLOADS_PER_DAY'),
  'limits.perUser.uploadMegabytesPerDay': {
    to: 777,
    makes: told(['publish'], 'LIMIT_USER_UPLOAD_MEGABYTES_PER_DAY', '777'),
  },
  'limits.perUser.concurrentUploads': limit('publish', 'USER_CONCURRENT_UPLOADS'),
  'limits.perIp.registrationsPerMinute': limit('auth', 'IP_REGISTRATIONS_PER_MINUTE'),
  'limits.perIp.loginsPerMinute': limit('auth', 'IP_LOGINS_PER_MINUTE'),
  'limits.perIp.likesPerMinute': limit('video', 'IP_LIKES_PER_MINUTE'),
  'limits.perIp.commentsPerMinute': limit('video', 'IP_COMMENTS_PER_MINUTE'),
  'limits.perIp.followsPerMinute': limit('user', 'IP_FOLLOWS_PER_MINUTE'),
  'limits.perIp.messagesPerMinute': limit('user', 'IP_MESSAGES_PER_MINUTE'),
  'limits.perIp.uploadsPerMinute': limit('publish', 'IP_UPLOADS_PER_MINUTE'),
  'limits.exemptCidrs[]': { to: '192.0.2.0/24', makes: told(apis, 'LIMIT_EXEMPT_CIDRS', '192.0.2.0/24') },
};
