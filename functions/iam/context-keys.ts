/** Condition keys by name. */
export type ContextKeys = ReadonlyMap<string, readonly string[]>

export const joinKeys = (...all: readonly ContextKeys[]): ContextKeys => new Map(all.flatMap((keys) => [...keys]))

/** `iam:PolicyARN`: which managed policy is attached or detached. */
export const policyArnKey = (arn: string): ContextKeys => new Map([['iam:PolicyARN', [arn]]])

/** `iam:PermissionsBoundary`: the boundary that the request sets or, if it sets none, that the entity has. */
export const boundaryKey = (arn: string | undefined): ContextKeys =>
  new Map(arn === undefined ? [] : [['iam:PermissionsBoundary', [arn]]])
