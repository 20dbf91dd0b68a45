import { StsError } from '@daypass/core/errors.ts'
import type { Tag } from '@daypass/core/store/entities/fields.ts'
import type { IamCall } from './call.ts'
import { limitExceeded } from './errors.ts'

/** A tag as the API has it. */
export interface ApiTag {
  readonly Key: string | undefined
  readonly Value: string | undefined
}

const MOST_TAGS = 50

/**
 * Tags that a caller sent, checked: at most 50, and in an account with AWS's dialect each key once without regard to case.
 * A Ceph-style account may repeat a key, which then has several values.
 */
export function parseTags({ dialect }: IamCall, tags: readonly ApiTag[] = []): readonly Tag[] {
  const parsed = new Map<string, { key: string; values: string[] }>()
  for (const { Key: key = '', Value: value = '' } of tags) {
    if (key.toLowerCase().startsWith('aws:')) throw new StsError('InvalidInput', 'Tag keys must not begin with aws:')
    const known = parsed.get(key.toLowerCase())
    if (known && dialect === 'aws') {
      throw new StsError('InvalidInput', 'Duplicate tag keys found. Please note that Tag keys are case insensitive.')
    }
    if (known) known.values.push(value)
    else parsed.set(key.toLowerCase(), { key, values: [value] })
  }
  return withinLimit([...parsed.values()])
}

/** The tags after TagUser, TagRole …: a key that is there already gets the new value. */
export function mergeTags(before: readonly Tag[], added: readonly Tag[]): readonly Tag[] {
  const names = new Set(added.map(({ key }) => key.toLowerCase()))
  return withinLimit([...before.filter(({ key }) => !names.has(key.toLowerCase())), ...added])
}

export function withoutTags(before: readonly Tag[], keys: readonly string[]): readonly Tag[] {
  const names = new Set(keys.map((key) => key.toLowerCase()))
  return before.filter(({ key }) => !names.has(key.toLowerCase()))
}

/** As the API answers them: a key with several values once for each. */
export const apiTags = (tags: readonly Tag[]): { Key: string; Value: string }[] =>
  tags.flatMap(({ key, values }) => values.map((value) => ({ Key: key, Value: value })))

/** Condition keys `aws:RequestTag/…` and `aws:TagKeys` of a request that carries tags. */
export function requestTagKeys(tags: readonly Tag[]): ReadonlyMap<string, readonly string[]> {
  const keys = new Map<string, readonly string[]>(tags.map(({ key, values }) => [`aws:RequestTag/${key}`, values]))
  if (tags.length > 0)
    keys.set(
      'aws:TagKeys',
      tags.map(({ key }) => key),
    )
  return keys
}

/** Condition keys of a resource that has tags: AWS's, and IAM's own older name for them. */
export const resourceTagKeys = (tags: readonly Tag[]): ReadonlyMap<string, readonly string[]> =>
  new Map(
    tags.flatMap(({ key, values }) => [
      [`aws:ResourceTag/${key}`, values],
      [`iam:ResourceTag/${key}`, values],
    ]),
  )

function withinLimit(tags: readonly Tag[]): readonly Tag[] {
  if (tags.length > MOST_TAGS) throw limitExceeded('TagsPerResource', MOST_TAGS)
  return tags
}
