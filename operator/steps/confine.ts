import type { TiktokLite } from '../api/tiktok-lite.ts';
import type { Children } from '../children.ts';
import { podNamesOf } from '../pods.ts';
import { networkPoliciesFor } from '../resources/network-policy.ts';
import { serviceAccountFor } from '../resources/service-account.ts';

interface Context {
  children: Children;
  operatorNamespace: string;
}

/** Says who the pods are and whom they may talk to, before any of them starts. */
export async function confine(platform: TiktokLite, { children, operatorNamespace }: Context): Promise<void> {
  await Promise.all([
    ...podNamesOf(platform).map((pod) => children.apply(serviceAccountFor(platform, pod))),
    ...networkPoliciesFor(platform, operatorNamespace).map((policy) => children.apply(policy)),
  ]);
}
