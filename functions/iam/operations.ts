import type { IamOperation } from './call.ts'
import { createUser, deleteUser, getUser, listUsers } from './users.ts'

/** Every operation that is built, by resource kind. */
export const OPERATIONS: readonly IamOperation[] = [createUser, deleteUser, getUser, listUsers]
