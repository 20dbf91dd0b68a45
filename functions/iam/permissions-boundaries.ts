import type { DeleteUserPermissionsBoundaryRequest, PutUserPermissionsBoundaryRequest } from '@aws-sdk/client-iam'
import { StsError } from '@daypass/core/errors.ts'
import { deleteUserPermissionsBoundaryModel } from '@daypass/core/model/iam/delete-user-permissions-boundary.ts'
import { putUserPermissionsBoundaryModel } from '@daypass/core/model/iam/put-user-permissions-boundary.ts'
import { type IamCall, iamOperation } from './call.ts'
import { changeItem } from './change-item.ts'
import { boundaryKey } from './context-keys.ts'
import { allowedEntity, type EntityKind } from './entity-kind.ts'
import { findPolicy } from './known-policy.ts'
import { type Attachment, noteAttached, noteDetached } from './policy-attachments.ts'
import { USER } from './user-kind.ts'

export const putUserPermissionsBoundary = iamOperation<PutUserPermissionsBoundaryRequest, void>(
  putUserPermissionsBoundaryModel,
  (call, { UserName: name = '', PermissionsBoundary: arn = '' }) =>
    putBoundary(call, USER, 'iam:PutUserPermissionsBoundary', { name, arn }),
)

export const deleteUserPermissionsBoundary = iamOperation<DeleteUserPermissionsBoundaryRequest, void>(
  deleteUserPermissionsBoundaryModel,
  (call, { UserName: name = '' }) => deleteBoundary(call, USER, 'iam:DeleteUserPermissionsBoundary', name),
)

interface Bounded {
  readonly boundary?: string
}

/** PutUserPermissionsBoundary, PutRolePermissionsBoundary: takes the place of the boundary before. */
export async function putBoundary<T extends Bounded>(
  call: IamCall,
  kind: EntityKind<T>,
  action: string,
  { name, arn }: { name: string; arn: string },
): Promise<void> {
  const entity = await allowedEntity(call, kind, name, action, () => boundaryKey(arn))
  const holder = { kind: kind.noun, name: kind.nameOf(entity) }
  let former: string | undefined
  await withBoundary(call, holder, arn, () =>
    changeItem(call.store, kind, entity, (now) => {
      former = now.boundary
      return { ...now, boundary: arn }
    }),
  )
  if (former !== undefined && former !== arn) await noteDetached(call, use(holder, former), async () => undefined)
}

/** DeleteUserPermissionsBoundary, DeleteRolePermissionsBoundary. */
export async function deleteBoundary<T extends Bounded>(
  call: IamCall,
  kind: EntityKind<T>,
  action: string,
  name: string,
): Promise<void> {
  const entity = await allowedEntity(call, kind, name, action, (found) => boundaryKey(found?.boundary))
  let former: string | undefined
  await changeItem(call.store, kind, entity, (now) => {
    if (now.boundary === undefined) {
      const sentence = `The permissions boundary of the ${kind.noun} with name ${kind.nameOf(now)} cannot be found.`
      throw new StsError('NoSuchEntity', sentence)
    }
    const { boundary, ...rest } = now
    former = boundary
    return rest as T // without its one optional member it is still a T
  })
  if (former !== undefined) {
    await noteDetached(call, use({ kind: kind.noun, name: kind.nameOf(entity) }, former), async () => undefined)
  }
}

/** Runs `write`, which puts the boundary into an entity's row; without a boundary there is nothing else to do. */
export async function withBoundary<R>(
  call: IamCall,
  holder: Pick<Attachment, 'kind' | 'name'>,
  arn: string | undefined,
  write: () => Promise<R>,
): Promise<R> {
  if (arn === undefined) return write()
  if (!(await findPolicy(call, arn))) {
    throw new StsError('NoSuchEntity', `Scope ARN: ${arn} does not exist or is not attachable.`)
  }
  return noteAttached(call, use(holder, arn), write)
}

const use = (holder: Pick<Attachment, 'kind' | 'name'>, policyArn: string): Attachment => ({
  ...holder,
  policyArn,
  usage: 'boundary',
})
