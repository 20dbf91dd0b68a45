import { createHash, type KeyObject } from 'node:crypto'
import { issuerKeyKey } from '../store/keys.ts'
import { parsedOnce } from '../store/parsed-once.ts'
import { type Changes, type Condition, ConditionFailed, type Item, type Key, type Store } from '../store/port.ts'
import type { FetchedKeySet, KeySource } from './discovery.ts'
import type { VerificationKey } from './key-set.ts'
import { type PublicJwk, thumbprint } from './public-jwk.ts'
import { type ImportedKeys, importPublicKey } from './public-key.ts'

/** Whose keys: they belong to one provider of one account and are never shared. `name` is the URL without its scheme. */
export interface KeyOwner {
  readonly account: string
  readonly url: string
  readonly name: string
  /** Where the keys come from. Default: discovery below the URL. */
  readonly keySource?: KeySource
}

/** What the list says of a key; its numbers are in the key's own item. */
export interface ListedKey {
  readonly jwk: Pick<PublicJwk, 'kty' | 'kid' | 'alg' | 'crv'>
  readonly thumbprint: string
}

/**
 * The state of a provider's key set. A key is alive when it is listed here, whatever items there are: the list is one item,
 * so a fetch replaces the whole set at once. Times are milliseconds since the epoch.
 */
export interface KeyList {
  readonly keys: readonly ListedKey[]
  /** When the fetch began that gave this list; absent before the first that succeeded. */
  readonly fetchedAt?: number
  readonly freshUntil: number
  /** When the last fetch failed; absent once one has succeeded. */
  readonly failedAt?: number
  /** When an unknown key last led to a fetch. */
  readonly unknownKeyFetchAt?: number
  /** Who the discovery document says that the issuer is, and where it tells more of its users. */
  readonly issuer?: string
  readonly userinfoEndpoint?: string
  /** Counts the writes of the list, so that no slow fetch replaces a later one. */
  readonly version?: number
  /** Whether there is an item at all, be it of another URL. */
  readonly stored: boolean
}

const LIST_ENTRY = 'list'
/** A sort key of the table holds 1,024 bytes. */
const MAX_KID_IN_ENTRY = 256

const listKey = (owner: KeyOwner) => issuerKeyKey(owner.account, owner.name, LIST_ENTRY)

/** The prefix keeps any `kid` from naming the list or a key without `kid`. */
function entryOf(kid: string | undefined, print: string): string {
  if (kid === undefined) return `print:${print}`
  return kid.length <= MAX_KID_IN_ENTRY ? `kid:${kid}` : `hash:${createHash('sha256').update(kid).digest('base64url')}`
}

/** The items to read with the provider: its key list and, when the token names a key, that key. */
export function issuerKeyLookupKeys(
  account: string,
  name: string,
  claimedKid: string | undefined,
): readonly [Key, ...Key[]] {
  const list = issuerKeyKey(account, name, LIST_ENTRY)
  return claimedKid === undefined ? [list] : [list, issuerKeyKey(account, name, entryOf(claimedKid, ''))]
}

/** Reads the list's item. A list that was fetched for another URL (http, before https) counts as none. */
export function parseKeyList(item: Item | undefined, owner: KeyOwner): KeyList {
  if (!item) return { keys: [], freshUntil: 0, stored: false }
  if (item.url !== owner.url) {
    return { keys: [], freshUntil: 0, stored: true, ...(typeof item.version === 'number' && { version: item.version }) }
  }
  return storedKeyList(item)
}

const storedKeyList = parsedOnce((item: Item): KeyList => {
  const number = <Name extends string>(name: Name) => {
    const value = item[name]
    return (typeof value === 'number' ? { [name]: value } : {}) as { readonly [name in Name]?: number }
  }
  const text = <Name extends string>(name: Name) => {
    const value = item[name]
    return (typeof value === 'string' ? { [name]: value } : {}) as { readonly [name in Name]?: string }
  }
  return {
    stored: true,
    keys: item.keys as unknown as readonly ListedKey[],
    freshUntil: number('freshUntil').freshUntil ?? 0,
    ...number('fetchedAt'),
    ...number('failedAt'),
    ...number('unknownKeyFetchAt'),
    ...number('version'),
    ...text('issuer'),
    ...text('userinfoEndpoint'),
  }
})

export const readKeyList = async (store: Store, owner: KeyOwner): Promise<KeyList> =>
  parseKeyList(await store.get(listKey(owner)), owner)

/** The listed key itself: from memory, from the item that was read already, or from the table. `undefined`: not there. */
export async function findListedKey(
  { store, imported }: { readonly store: Store; readonly imported: ImportedKeys },
  owner: KeyOwner,
  listed: ListedKey,
  readItem: Item | undefined,
): Promise<KeyObject | undefined> {
  const known = imported.find(listed.thumbprint)
  if (known) return known
  const entry = issuerKeyKey(owner.account, owner.name, entryOf(listed.jwk.kid, listed.thumbprint))
  const key = importItem(readItem, listed) ?? importItem(await store.get(entry), listed)
  if (key) imported.remember(listed.thumbprint, key)
  return key
}

function importItem(item: Item | undefined, listed: ListedKey): KeyObject | undefined {
  const jwk = item?.jwk as PublicJwk | undefined
  return jwk && thumbprint(jwk) === listed.thumbprint ? importPublicKey(jwk) : undefined
}

const conditionOn = (known: KeyList): Condition =>
  known.stored ? { exists: true, equals: { version: known.version ?? null } } : { exists: false }

/**
 * Stores a fetched set: first the items of its keys, then the list that makes them count, unless a later fetch was faster.
 * Items of keys that vanished are removed.
 */
export async function putKeys(
  store: Store,
  owner: KeyOwner,
  known: KeyList,
  { keys, freshFor, issuer, userinfoEndpoint }: FetchedKeySet,
  fetchedAt: number,
): Promise<void> {
  const keyOf = ({ jwk, thumbprint }: ListedKey) =>
    issuerKeyKey(owner.account, owner.name, entryOf(jwk.kid, thumbprint))
  await Promise.all(keys.map((key) => store.put({ ...keyOf(key), jwk: { ...key.jwk } })))
  const listed = keys.map(listedKey)
  const set = {
    url: owner.url,
    keys: listed,
    fetchedAt,
    freshUntil: fetchedAt + freshFor,
    version: (known.version ?? 0) + 1,
    ...(issuer === undefined ? {} : { issuer }),
    ...(userinfoEndpoint === undefined ? {} : { userinfoEndpoint }),
  }
  const remove = [
    'failedAt',
    ...(issuer === undefined ? ['issuer'] : []),
    ...(userinfoEndpoint === undefined ? ['userinfoEndpoint'] : []),
  ]
  try {
    await store.update(listKey(owner), { set, remove }, { condition: conditionOn(known) })
  } catch (error) {
    if (error instanceof ConditionFailed) return
    throw error
  }
  const alive = new Set(keys.map((key) => keyOf(key).sk))
  const vanished = known.keys.map(keyOf).filter(({ sk }) => !alive.has(sk))
  await Promise.all(vanished.map((key) => store.remove(key)))
}

function listedKey({ jwk: { kty, kid, alg, crv }, thumbprint }: VerificationKey) {
  const optional = Object.fromEntries(Object.entries({ kid, alg, crv }).filter(([, value]) => value !== undefined))
  return { jwk: { kty, ...(optional as Record<string, string>) }, thumbprint }
}

/** Notes that the issuer failed, so that no process asks it again at once. Keys that are known stay. */
export async function markFailure(store: Store, owner: KeyOwner, known: KeyList, failedAt: number): Promise<void> {
  const nothingKnown: Changes = { set: { url: owner.url, keys: [], freshUntil: 0, failedAt }, remove: ['fetchedAt'] }
  const changes = known.fetchedAt === undefined ? nothingKnown : { set: { failedAt } }
  try {
    await store.update(listKey(owner), changes, { condition: conditionOn(known) })
  } catch (error) {
    // Another fetch has succeeded meanwhile; this failure says nothing any more.
    if (!(error instanceof ConditionFailed)) throw error
  }
}

/** Takes the provider's one fetch for an unknown key in its period; `false` when another process was faster. */
export async function claimUnknownKeyFetch(
  store: Store,
  owner: KeyOwner,
  known: KeyList,
  now: number,
): Promise<boolean> {
  try {
    const equals = { unknownKeyFetchAt: known.unknownKeyFetchAt ?? null, version: known.version ?? null }
    await store.update(listKey(owner), { set: { unknownKeyFetchAt: now } }, { condition: { exists: true, equals } })
    return true
  } catch (error) {
    if (error instanceof ConditionFailed) return false
    throw error
  }
}
