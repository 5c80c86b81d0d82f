import type { TiktokLite } from '../api/tiktok-lite.ts';

/** Value of `app.kubernetes.io/managed-by` on every child: what the operator watches and prunes. */
export const managedBy = 'tiktok-lite-operator';

/** What every pod of a platform carries, also those that a person starts beside its components. */
export const platformSelectorOf = (platform: TiktokLite) => ({
  'app.kubernetes.io/name': 'tiktok-lite',
  'app.kubernetes.io/instance': platform.metadata.name,
});

/** What selects the pods of a component; never changes, since selectors are immutable. */
export const selectorOf = (platform: TiktokLite, component: string) => ({
  ...platformSelectorOf(platform),
  'app.kubernetes.io/component': component,
});

/** The labels of every child and of its pods. */
export const labelsOf = (platform: TiktokLite, component: string) => ({
  ...selectorOf(platform, component),
  'app.kubernetes.io/managed-by': managedBy,
});
