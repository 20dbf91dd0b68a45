import type { WritePrecondition } from '../port.ts'

/** A precondition as the store checks it. */
export const conditionFields = ({ ifMatch, ifNoneMatch }: WritePrecondition) => ({
  ...(ifMatch !== undefined && { IfMatch: ifMatch }),
  ...(ifNoneMatch !== undefined && { IfNoneMatch: ifNoneMatch }),
})
