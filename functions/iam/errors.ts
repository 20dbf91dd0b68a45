import { StsError } from '@daypass/core/errors.ts'

/** AWS's sentence for an entity that is not there: "The user with name Bob cannot be found." */
export const noSuchEntity = (kind: string, name: string) =>
  new StsError('NoSuchEntity', `The ${kind} with name ${name} cannot be found.`)

/** "User with name Bob already exists." */
export const alreadyExists = (kind: string, name: string) =>
  new StsError('EntityAlreadyExists', `${kind} with name ${name} already exists.`)

/** "Cannot exceed quota for AccessKeysPerUser: 2" */
export const limitExceeded = (quota: string, limit: number) =>
  new StsError('LimitExceeded', `Cannot exceed quota for ${quota}: ${limit}`)

/** "Cannot delete entity, must delete access keys first." */
export const deleteConflict = (what: string) =>
  new StsError('DeleteConflict', `Cannot delete entity, must ${what} first.`)

/** "ARN x is not valid." */
export const invalidArn = (arn: string) => new StsError('InvalidInput', `ARN ${arn} is not valid.`)
