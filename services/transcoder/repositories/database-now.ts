/** One clock for all owners of leases, the database's, in ms. */
export const databaseNow = 'CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)';
