import { randomUUID } from 'node:crypto'
import { Fields } from '../store/entities/fields.ts'
import { groupKey, policyUseKey, policyUsePartition, roleKey, userKey } from '../store/keys.ts'
import { ConditionFailed, type Item, type Key, type Store } from '../store/port.ts'

/** An entity that has a managed policy attached, or is bounded by one. */
export interface PolicyUse {
  readonly account: string
  readonly policyArn: string
  readonly usage: 'policy' | 'boundary'
  readonly kind: 'user' | 'group' | 'role'
  /** The entity's name. */
  readonly name: string
}

/** A use that the entity's own row confirms. */
export interface FoundUse extends PolicyUse {
  /** `AIDA…`, `AGPA…`, `AROA…` */
  readonly id: string
  readonly path: string
}

/** What an entity's row says of managed policies. */
interface UsedPolicies {
  readonly attachedPolicies: readonly string[]
  readonly boundary?: string | undefined
}

/** A use of which the index knows, and its entity not yet. */
export interface Announcement {
  readonly use: PolicyUse
  readonly item: Item
}

/** A use that was announced and not confirmed may still be under way for this long (ms): longer than any function runs. */
const UNDER_WAY = 60_000
const BATCH = 100

/**
 * The index of who uses which managed policy. The entity's own row is the authority; an index row is written before it
 * (announced) and again after it (confirmed), so that a policy in use is never missing here, whatever crashes. A row that
 * its entity denies is dropped when it is met: at once if it was confirmed, else when no attachment can be under way.
 */
export async function announceUse(store: Store, use: PolicyUse, now: number): Promise<Announcement> {
  const item = useItem(use, now, false)
  await store.put(item)
  return { use, item }
}

/** To be called after the entity's row has the policy. */
export async function confirmUse(store: Store, use: PolicyUse, now: number): Promise<void> {
  await store.put(useItem(use, now, true))
}

/** To be called after the entity's row has given the policy up, and when an attachment that was announced has failed. */
export async function settleUse(store: Store, use: PolicyUse, now: number): Promise<void> {
  const item = await store.get(useKey(use))
  // In this order: what the entity says now is younger than the row, so it cannot be an attachment that follows it.
  if (item && !isIn(await store.get(entityKey(use)), use) && !isUnderWay(item, now)) await dropUse(store, item)
}

/**
 * Runs `write`, which replaces an entity's whole row by one with these policies, and tells the index of all that this
 * changes. That the policies exist is for the caller to check.
 */
export async function recordUses(
  store: Store,
  now: number,
  entity: Pick<PolicyUse, 'account' | 'kind' | 'name'>,
  policies: UsedPolicies,
  write: () => Promise<void>,
): Promise<void> {
  const row = await store.get(entityKey(entity))
  const uses = usesOf(entity, policies)
  for (const use of uses) await announceUse(store, use, now)
  await write()
  for (const use of uses) await confirmUse(store, use, now)
  const former = row ? usesOf(entity, policiesIn(row)) : []
  for (const use of former) if (!uses.some((each) => isSame(each, use))) await settleUse(store, use, now)
}

/** Takes back an announcement that led to nothing. What others have announced since stays. */
export async function withdrawUse(store: Store, { use, item }: Announcement): Promise<void> {
  if (!isIn(await store.get(entityKey(use)), use)) await dropUse(store, item)
}

/** Who uses a policy, as the entities themselves say; `underWay` when somebody may be attaching it at this moment. */
export async function findUses(
  store: Store,
  account: string,
  policyArn: string,
  now: number,
): Promise<{ readonly uses: readonly FoundUse[]; readonly underWay: boolean }> {
  const uses: FoundUse[] = []
  let underWay = false
  for await (const items of pagesOf(store, account, `${policyArn} `)) {
    const entities = await store.getMany(items.map((item) => entityKey(parseUse(item))))
    for (const [index, item] of items.entries()) {
      const use = parseUse(item)
      const entity = entities[index]
      if (entity && isIn(entity, use)) uses.push(foundUse(use, entity))
      else if (isUnderWay(item, now)) underWay = true
      else await dropUse(store, item)
    }
  }
  return { uses, underWay }
}

export interface UseCounts {
  readonly policy: number
  readonly boundary: number
}

/** How often each policy is used in the account, by ARN, without asking the entities: for lists. */
export async function countUses(store: Store, account: string): Promise<ReadonlyMap<string, UseCounts>> {
  const counts = new Map<string, UseCounts>()
  for await (const items of pagesOf(store, account, '')) {
    for (const { policyArn, usage } of items.map(parseUse)) {
      const { policy, boundary } = counts.get(policyArn) ?? { policy: 0, boundary: 0 }
      counts.set(policyArn, usage === 'policy' ? { policy: policy + 1, boundary } : { policy, boundary: boundary + 1 })
    }
  }
  return counts
}

async function* pagesOf(store: Store, account: string, prefix: string): AsyncGenerator<readonly Item[]> {
  let after: string | undefined
  do {
    const options = { prefix, limit: BATCH, ...(after === undefined ? {} : { after }) }
    const { items, next } = await store.query(policyUsePartition(account), options)
    if (items.length > 0) yield items
    after = next
  } while (after !== undefined)
}

const useKey = ({ account, policyArn, usage, kind, name }: PolicyUse): Key =>
  policyUseKey(account, policyArn, `${usage} ${kind}/${name.toLowerCase()}`)

/** The mark makes each row another, so that no row is dropped for what was known of an older one. */
const useItem = (use: PolicyUse, notedAt: number, confirmed: boolean): Item => ({
  ...useKey(use),
  ...use,
  mark: randomUUID(),
  notedAt,
  confirmed,
})

function parseUse(item: Item): PolicyUse {
  const fields = new Fields(item)
  const kind = fields.text('kind')
  return {
    account: fields.text('account'),
    policyArn: fields.text('policyArn'),
    usage: fields.text('usage') === 'boundary' ? 'boundary' : 'policy',
    kind: kind === 'group' || kind === 'role' ? kind : 'user',
    name: fields.text('name'),
  }
}

const ENTITY_KEYS = { user: userKey, group: groupKey, role: roleKey } as const

const entityKey = ({ account, kind, name }: Pick<PolicyUse, 'account' | 'kind' | 'name'>): Key =>
  ENTITY_KEYS[kind](account, name)

const policiesIn = (row: Item): UsedPolicies => {
  const fields = new Fields(row)
  return { attachedPolicies: fields.texts('attachedPolicies'), boundary: fields.optionalText('boundary') }
}

const usesOf = (
  { account, kind, name }: Pick<PolicyUse, 'account' | 'kind' | 'name'>,
  { attachedPolicies, boundary }: UsedPolicies,
): readonly PolicyUse[] => [
  ...attachedPolicies.map((policyArn) => ({ account, policyArn, usage: 'policy', kind, name }) as const),
  ...(boundary === undefined ? [] : [{ account, policyArn: boundary, usage: 'boundary', kind, name } as const]),
]

const isSame = (one: PolicyUse, other: PolicyUse) => one.policyArn === other.policyArn && one.usage === other.usage

const isIn = (row: Item | undefined, use: PolicyUse): boolean =>
  row !== undefined && usesOf(use, policiesIn(row)).some((each) => isSame(each, use))

const isUnderWay = (item: Item, now: number) =>
  item.confirmed !== true && Math.abs(now - new Fields(item).number('notedAt')) < UNDER_WAY

function foundUse(use: PolicyUse, entity: Item): FoundUse {
  const fields = new Fields(entity)
  return { ...use, name: fields.text(`${use.kind}Name`), id: fields.text(`${use.kind}Id`), path: fields.text('path') }
}

async function dropUse(store: Store, item: Item): Promise<void> {
  try {
    await store.remove(item, { condition: { exists: true, equals: { mark: new Fields(item).text('mark') } } })
  } catch (error) {
    // Somebody attaches the policy again at this moment: the row is theirs now.
    if (!(error instanceof ConditionFailed)) throw error
  }
}
