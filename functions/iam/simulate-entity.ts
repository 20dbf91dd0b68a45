import { StsError } from '@daypass/core/errors.ts'
import type { IamCall } from './call.ts'
import { joinKeys } from './context-keys.ts'
import { findSimulated, type SimulatedEntity } from './simulate-sources.ts'
import { resourceTagKeys } from './tags.ts'

/**
 * The user, group or role that an ARN names, once the caller may do the action on it. Throws InvalidInput for any other
 * ARN, then AccessDenied, then NoSuchEntity.
 */
export async function allowedEntityByArn(call: IamCall, action: string, arn: string): Promise<SimulatedEntity> {
  const entity = await findSimulated(call, arn)
  await call.demand(action, arn, joinKeys(resourceTagKeys(entity?.tags ?? [])))
  if (!entity) throw new StsError('NoSuchEntity', `The entity with ARN ${arn} cannot be found.`)
  return entity
}
