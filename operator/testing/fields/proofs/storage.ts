import type { Proofs } from '../proof.ts';

/** What the fields of a volume do to the one of an embedded server. */
export const volume = (server: string) => ({
  size: {
    to: '40Gi',
    makes: { [`PersistentVolumeClaim demo-${server} spec resources requests storage`]: '40Gi' },
  },
  className: {
    to: 'fast',
    makes: { [`PersistentVolumeClaim demo-${server} spec storageClassName`]: 'fast' },
  },
  ephemeral: {
    to: true,
    makes: {
      [`PersistentVolumeClaim demo-${server}`]: 'gone',
      [`StatefulSet demo-${server} spec template spec volumes data persistentVolumeClaim`]: 'unset',
      [`StatefulSet demo-${server} spec template spec volumes data emptyDir`]: /^\{"sizeLimit":"\d+Gi"\}$/,
    },
  },
});

/** Proofs of `embedded.storage` of a server that keeps its data on a volume by default. */
export const storageProofs = (field: string, server: string): Proofs => {
  const { size, className, ephemeral } = volume(server);
  return {
    [`${field}.embedded.storage.size`]: size,
    [`${field}.embedded.storage.className`]: className,
    [`${field}.embedded.storage.ephemeral`]: ephemeral,
  };
};
