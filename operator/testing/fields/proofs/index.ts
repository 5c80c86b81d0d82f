import type { Proofs } from '../proof.ts';
import { cacheProofs } from './cache.ts';
import { databaseProofs } from './database.ts';
import { gatewayProofs } from './gateway.ts';
import { imageProofs } from './images.ts';
import { kafkaProofs } from './kafka.ts';
import { limitProofs } from './limits.ts';
import { objectStoreProofs } from './object-store.ts';
import { otherProofs, topicProofs, warmUpProofs } from './others.ts';
import { serviceProofs, transcoderProofs } from './workloads.ts';

/** What every field of the object does, by field. */
export const proofs: Proofs = {
  ...imageProofs,
  ...gatewayProofs,
  ...databaseProofs,
  ...cacheProofs,
  ...kafkaProofs,
  ...objectStoreProofs,
  ...limitProofs,
  ...serviceProofs,
  ...topicProofs,
  ...transcoderProofs,
  ...warmUpProofs,
  ...otherProofs,
};
