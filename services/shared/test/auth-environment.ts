/** What the auth component has to be told: the least environment with which it starts. */
export const authEnvironment = {
  DATABASE_HOST: 'mysql',
  DATABASE_NAME: 'demo',
  DATABASE_USER: 'demo',
  DATABASE_PASSWORD: 'a password that nobody may read',
  CACHE_HOST: 'redis',
  CACHE_PASSWORD: 'another password that nobody may read',
  CACHE_KEY_PREFIX: 'demo',
  AUTH_SIGNING_KEYS: '[{"kid":"1","secret":"a signing secret that nobody may read"}]',
  AUTH_ACCESS_TOKEN_SECONDS: '2592000',
  AUTH_MIN_PASSWORD_LENGTH: '1',
  HTTP_TRUSTED_CIDRS: 'none',
  LIMIT_EXEMPT_CIDRS: 'none',
  LIMIT_IP_REGISTRATIONS_PER_MINUTE: '60',
  LIMIT_USER_LOGINS_PER_MINUTE: '60',
  LIMIT_IP_LOGINS_PER_MINUTE: '60',
};
