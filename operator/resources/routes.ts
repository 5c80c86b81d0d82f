import type { TiktokLite } from '../api/tiktok-lite.ts';
import { embeddedPorts, objectStoreAddress } from './addresses.ts';

/** Where files are sent to. */
export const uploadPath = '/douyin/publish/action';

/** Which service answers what; a path that ends in `/` means everything below it, any other means itself with and without a slash. */
export const routes = [
  { service: 'auth', paths: ['/douyin/user/register', '/douyin/user/login', '/v1/'] },
  { service: 'user', paths: ['/douyin/user', '/douyin/relation/', '/douyin/message/'] },
  { service: 'video', paths: ['/douyin/feed', '/douyin/favorite/', '/douyin/comment/', '/douyin/publish/list'] },
  { service: 'publish', paths: [uploadPath, '/v1/uploads/'] },
] as const;

/** The port of each Service of an API service. */
export const apiServicePort = 80;

/** A Service of the platform and what is asked of it from outside. */
export interface Backend {
  component: string;
  port: number;
  /** Paths that are meant as they are. */
  exact: string[];
  /** Paths, without a slash at their end, below which everything is meant. */
  below: string[];
  /** Nothing but GET and HEAD is meant for it. */
  readOnly: boolean;
}

const isTree = (path: string): boolean => path.endsWith('/');

/** Everything of a platform that is reached from outside; files of an embedded object store by the paths that signatures cover. */
export function backendsOf(platform: TiktokLite): Backend[] {
  const apis = routes.map(({ service, paths }) => ({
    component: service,
    port: apiServicePort,
    exact: paths.filter((path) => !isTree(path)).flatMap((path) => [path, `${path}/`]),
    below: paths.filter(isTree).map((path) => path.slice(0, -1)),
    readOnly: false,
  }));
  if (!platform.spec.objectStore.embedded) return apis;
  const { originalsBucket, mediaBucket } = objectStoreAddress(platform, '');
  const below = [originalsBucket, mediaBucket].map((bucket) => `/${bucket}`);
  const store = { component: 'object-store', port: embeddedPorts['object-store'], exact: [], below, readOnly: true };
  return [...apis, store];
}
