/** Bodies of PATCH requests. The name says YAML, and JSON is YAML. */
export const contentTypes = {
  apply: 'application/apply-patch+yaml',
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
} as const;

/** Whole objects, or just their metadata. */
export const acceptOf = (
  partial: 'PartialObjectMetadata' | 'PartialObjectMetadataList',
  metadataOnly = false,
): string => (metadataOnly ? `application/json;as=${partial};g=meta.k8s.io;v=v1` : 'application/json');
