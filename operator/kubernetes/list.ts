import type { Caller } from './caller.ts';
import type { ListOptions, ListResult } from './client-types.ts';
import { isExpired } from './errors.ts';
import { acceptOf } from './media-types.ts';
import type { Live } from './objects.ts';
import { apiVersionOf, pathOf, type Resource } from './resources.ts';

interface Page<T extends object> {
  metadata: { resourceVersion: string; continue?: string };
  items: Live<T>[] | null;
}

/** A list of many pages starts over this often when its snapshot is compacted away meanwhile. */
const mostRestarts = 3;

/** All objects of a selection, page by page. */
export async function listAll<T extends object>(
  caller: Caller,
  resource: Resource<T>,
  options: ListOptions,
): Promise<ListResult<T>> {
  for (let restarts = 0; ; restarts += 1) {
    try {
      return await listPages(caller, resource, options);
    } catch (error) {
      if (!isExpired(error) || restarts >= mostRestarts) throw error;
    }
  }
}

async function listPages<T extends object>(
  caller: Caller,
  resource: Resource<T>,
  { namespace, labelSelector, fieldSelector, metadataOnly, pageSize = 500, ...options }: ListOptions,
): Promise<ListResult<T>> {
  const items: Live<T>[] = [];
  const identity = { apiVersion: apiVersionOf(resource), kind: resource.kind };
  let next: string | undefined;
  for (;;) {
    const call = {
      method: 'GET',
      path: pathOf(resource, { namespace }),
      query: { limit: pageSize, continue: next, labelSelector, fieldSelector },
      accept: acceptOf('PartialObjectMetadataList', metadataOnly),
      repeatable: true,
    } as const;
    const page = (await caller.call(call, options)) as Page<T>;
    // Items of a list come without apiVersion and kind.
    for (const item of page.items ?? []) items.push(metadataOnly ? item : Object.assign({}, identity, item));
    if (!page.metadata.continue) return { items, resourceVersion: page.metadata.resourceVersion };
    next = page.metadata.continue;
  }
}
