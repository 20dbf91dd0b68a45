import { StsError } from '../errors.ts'
import { dialectOf } from '../store/entities/account.ts'
import type { Tag } from '../store/entities/fields.ts'

const MOST_TAGS = 50

/** Session tags as a caller passes them. Sizes and characters were checked by the model. */
export interface TagInput {
  readonly Tags?: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined
  readonly TransitiveTagKeys?: readonly string[] | undefined
}

export interface SessionTags {
  /** Those that the caller passed. */
  readonly passed: readonly Tag[]
  /** Of the new session: those that were passed and those that it inherits. */
  readonly all: readonly Tag[]
  /** Keys that sessions made with the new one inherit in turn. */
  readonly transitiveKeys: readonly string[]
}

/**
 * The tags of a session (IAM User Guide, "Passing session tags in AWS STS"): at most 50, keys told apart without regard to
 * case, none that begins with `aws:`. Transitive tags of the calling session are inherited, stay transitive, and cannot be
 * overridden. In a Ceph-style account a key may repeat, and its tag then has several values. Throws InvalidParameterValue.
 */
export function sessionTags(account: string, input: TagInput, inherited: readonly Tag[] = []): SessionTags {
  if (!input.Tags?.length && !input.TransitiveTagKeys?.length && inherited.length === 0) return NO_TAGS
  const passed = joined(account, input)
  const keys = new Set(passed.map(({ key }) => fold(key)))
  if (passed.some(({ key }) => fold(key).startsWith('aws:'))) {
    throw invalid('Tag keys that begin with aws: are reserved for system use.')
  }
  if (inherited.some(({ key }) => keys.has(fold(key)))) {
    throw invalid(
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    )
  }
  const wanted = new Set((input.TransitiveTagKeys ?? []).map(fold))
  if ([...wanted].some((key) => !keys.has(key))) {
    throw invalid('The specified transitive tag key must be included in the requested tags.')
  }
  const all = [...passed, ...inherited]
  if (all.length > MOST_TAGS) throw invalid(`A session may have at most ${MOST_TAGS} tags, inherited ones included.`)
  const transitive = passed.filter(({ key }) => wanted.has(fold(key)))
  return { passed, all, transitiveKeys: [...transitive, ...inherited].map(({ key }) => key) }
}

const NO_TAGS: SessionTags = Object.freeze({ passed: [], all: [], transitiveKeys: [] })

/** What policies may ask about the tags that were passed. */
export function requestTagKeys({ passed }: SessionTags, transitiveKeys: readonly string[] = []) {
  const keys = new Map<string, readonly string[]>(
    passed.map(({ key, values }) => [`aws:RequestTag/${key}`, values] as const),
  )
  if (passed.length > 0) keys.set('aws:TagKeys', [...new Set(passed.map(({ key }) => key))])
  if (transitiveKeys.length > 0) keys.set('sts:TransitiveTagKeys', transitiveKeys)
  return keys
}

function joined(account: string, { Tags = [] }: TagInput): readonly Tag[] {
  const several = dialectOf(account) === 'ceph'
  const tags = new Map<string, { key: string; values: string[] }>()
  for (const { Key: key = '', Value: value = '' } of Tags) {
    const id = several ? key : fold(key)
    const known = tags.get(id)
    if (known && !several) throw invalid('Duplicate tag keys found. Please note that Tag keys are case insensitive.')
    if (known) known.values.push(value)
    else tags.set(id, { key, values: [value] })
  }
  return [...tags.values()]
}

const fold = (key: string) => key.toLowerCase()

const invalid = (message: string) => new StsError('InvalidParameterValue', message)
