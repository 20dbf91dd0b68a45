import { policyArn } from '../../arn.ts'
import { policyKey } from '../keys.ts'
import type { Item } from '../port.ts'
import { DamagedRecord, Fields, present, storedTags, type Tag } from './fields.ts'

export interface ManagedPolicy {
  readonly account: string
  readonly policyName: string
  /** `ANPA…` */
  readonly policyId: string
  readonly path: string
  readonly arn: string
  readonly createdAt: number
  readonly description?: string
  /** `v1` … */
  readonly defaultVersionId: string
  /** The default version's text: what a decision reads. */
  readonly document: string
  /** Every version, the default one included, oldest first. */
  readonly versions: readonly PolicyVersion[]
  /** The number of the youngest version that there ever was: ids are never used again. */
  readonly latestVersion: number
  readonly tags: readonly Tag[]
}

export interface PolicyVersion {
  readonly versionId: string
  readonly createdAt: number
  /** Where its text lies (`policyVersionKey`). The default version's text is the policy's own, whatever this says. */
  readonly textId?: string
}

export function managedPolicyItem(policy: ManagedPolicy): Item {
  const { arn: _derived, versions, tags, ...attributes } = policy
  const stored = { versions: storedVersions(versions), tags: storedTags(tags) }
  return { ...policyKey(policy.account, policy.policyName), ...present({ ...attributes, ...stored }) }
}

export function parseManagedPolicy(item: Item): ManagedPolicy {
  const fields = new Fields(item)
  const [account, policyName, path] = [fields.text('account'), fields.text('policyName'), fields.text('path')]
  const description = fields.optionalText('description')
  return {
    account,
    policyName,
    path,
    arn: policyArn(account, path, policyName),
    policyId: fields.text('policyId'),
    createdAt: fields.number('createdAt'),
    defaultVersionId: fields.text('defaultVersionId'),
    document: fields.text('document'),
    versions: parseVersions(item, fields.tags('versions')),
    latestVersion: fields.number('latestVersion'),
    tags: fields.tags('tags'),
    ...(description === undefined ? {} : { description }),
  }
}

/** `[[id, createdAt, textId?], …]`, as an attribute of the policy's row. */
const storedVersions = (versions: readonly PolicyVersion[]) =>
  versions.map(({ versionId, createdAt, textId }) => [
    versionId,
    String(createdAt),
    ...(textId === undefined ? [] : [textId]),
  ])

function parseVersions(item: Item, stored: readonly Tag[]): readonly PolicyVersion[] {
  return stored.map(({ key, values: [createdAt, textId] }) => {
    if (!/^\d+$/.test(createdAt ?? '')) throw new DamagedRecord(item, 'versions')
    return { versionId: key, createdAt: Number(createdAt), ...(textId === undefined ? {} : { textId }) }
  })
}
