/** The names that the deployed table, the tests' table and the adapter must agree on. Both key attributes are strings. */
export const PARTITION_KEY = 'pk'
export const SORT_KEY = 'sk'
/** Seconds since the epoch; DynamoDB deletes an item up to two days after it. */
export const TTL_ATTRIBUTE = 'expiresAt'
