/**
 * Every image that the operator starts, with the one used when neither the object nor the operator's
 * environment (`RELATED_IMAGE_<NAME>`) names another. Ours carry the operator's own version as tag.
 */
export const images = {
  services: { ours: true, image: 'tiktok-lite/services' },
  transcoder: { ours: true, image: 'tiktok-lite/transcoder' },
  gateway: { ours: true, image: 'tiktok-lite/gateway' },
  mysql: { ours: false, image: 'mariadb:10.11' },
  redis: { ours: false, image: 'redis:7.2' },
  kafka: { ours: false, image: 'apache/kafka:4.1.1' },
  objectStore: { ours: false, image: 'versity/versitygw:v1.8.0' },
} as const satisfies Record<string, { ours: boolean; image: string }>;

export type ImageName = keyof typeof images;

/** `objectStore` → `RELATED_IMAGE_OBJECT_STORE`. */
export const relatedImageVariable = (name: ImageName): string =>
  `RELATED_IMAGE_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
