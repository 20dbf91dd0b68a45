import type { KeyObject } from 'node:crypto'
import type { Clock, Log } from '../deps.ts'
import type { Fetcher } from '../net/guarded-fetch.ts'
import type { Item, Store } from '../store/port.ts'
import type { Algorithm } from './algorithms.ts'
import { type FetchedKeySet, fetchKeySet } from './discovery.ts'
import { selectKey, type VerificationKey } from './key-set.ts'
import { fits } from './public-jwk.ts'
import type { ImportedKeys } from './public-key.ts'
import { invalidToken, issuerUnavailable } from './refusal.ts'
import {
  claimUnknownKeyFetch,
  findListedKey,
  type KeyList,
  type KeyOwner,
  type ListedKey,
  markFailure,
  parseKeyList,
  putKeys,
  readKeyList,
} from './stored-keys.ts'

/** Fetches under way in this process, by provider. Make one per process and hand it to every call. */
export type KeyFlights = Map<string, Promise<FlightOutcome>>

export interface IssuerKeyDeps {
  readonly store: Store
  readonly fetch: Fetcher
  readonly clock: Clock
  readonly log: Log
  readonly imported: ImportedKeys
  readonly flights: KeyFlights
}

export interface KeyRequest {
  readonly owner: KeyOwner
  readonly kid: string | undefined
  readonly algorithm: Algorithm
  /** As read by issuerKeyLookupKeys, in that order. */
  readonly items: readonly (Item | undefined)[]
}

type FlightOutcome =
  | { readonly fetched: readonly VerificationKey[] }
  | { readonly failed: unknown; readonly known: KeyList }
  | { readonly changed: KeyList }

type Step =
  | { readonly kind: 'use'; readonly listed: ListedKey }
  | { readonly kind: 'fetch'; readonly reason: 'none yet' | 'stale' | 'unknown key' | 'item missing' }
  | { readonly kind: 'await a fetch' }
  | { readonly kind: 'refuse token' }
  | { readonly kind: 'unavailable' }

/** An issuer that failed is asked again after this long. */
const RETRY_AFTER_FAILURE = 10_000
/** An unknown `kid` leads to at most one fetch per provider in this period. */
const UNKNOWN_KEY_PERIOD = 30_000
/** No list is fresh for longer, whatever its item says. */
const MAX_FRESH = 24 * 60 * 60_000
const MAX_ROUNDS = 3

/**
 * The key that must have signed a token, from the items that were read with the provider, without a call to anyone while
 * they are fresh. Otherwise the set is fetched: when there is none yet, when it is stale, and for an unknown `kid` at most
 * once in 30 s per provider over all processes; one fetch at a time in this process. While the issuer is down, keys that are
 * known go on. A key that its issuer no longer publishes is refused from the next fetch on. Throws InvalidIdentityToken when
 * no key fits, IDPCommunicationError when that cannot be known.
 */
export async function resolveVerificationKey(deps: IssuerKeyDeps, request: KeyRequest): Promise<KeyObject> {
  const { owner, kid, algorithm } = request
  const [listItem, keyItem] = request.items
  let known = parseKeyList(listItem, owner)
  for (let round = 0; round < MAX_ROUNDS; round++) {
    let step = nextStep(known, request, deps.clock.now())
    if (step.kind === 'use') {
      const imported = deps.imported.find(step.listed.thumbprint) // as in nearly every request: without a wait
      const key = imported ?? (await findListedKey(deps, owner, step.listed, keyItem))
      if (key) return key
      step = failedLately(known, deps.clock.now()) ? { kind: 'unavailable' } : { kind: 'fetch', reason: 'item missing' }
    }
    if (step.kind === 'refuse token') throw noKeyFits()
    if (step.kind === 'unavailable') throw issuerUnavailable()
    const underWay = deps.flights.get(flightName(owner))
    if (!underWay && step.kind === 'await a fetch') throw issuerUnavailable()
    const outcome = await (underWay ?? takeOff(deps, request, step.kind === 'fetch' && step.reason === 'item missing'))
    if ('fetched' in outcome) {
      const chosen = selectKey(outcome.fetched, kid, algorithm)
      if (chosen) return chosen.key
      throw noKeyFits()
    }
    if ('failed' in outcome) {
      const listed = selectKey(outcome.known.keys, kid, algorithm)
      const key = listed && (await findListedKey(deps, owner, listed, keyItem))
      if (key) return key
      throw issuerUnavailable(outcome.failed)
    }
    known = outcome.changed
  }
  throw issuerUnavailable()
}

/**
 * Fetches the set when there is none yet or it is stale, unless the issuer failed lately: for a source of which only its
 * discovery document says who the issuer is. Answers whether anything may have changed in the table.
 */
export async function refreshKeySet(deps: IssuerKeyDeps, request: KeyRequest): Promise<boolean> {
  const step = nextStep(parseKeyList(request.items[0], request.owner), request, deps.clock.now())
  if (step.kind !== 'fetch' || (step.reason !== 'none yet' && step.reason !== 'stale')) return false
  await (deps.flights.get(flightName(request.owner)) ?? takeOff(deps, request, false))
  return true
}

const noKeyFits = () => invalidToken('no key of its issuer fits it')

// Another process's clock may be ahead: distance counts, not order.
const within = (time: number | undefined, period: number, now: number) =>
  time !== undefined && Math.abs(now - time) < period

const failedLately = (known: KeyList, now: number) => within(known.failedAt, RETRY_AFTER_FAILURE, now)

/** What the state of the key set calls for: the rules of this file, without their effects. */
function nextStep(known: KeyList, { kid, algorithm }: Pick<KeyRequest, 'kid' | 'algorithm'>, now: number): Step {
  const { keys, fetchedAt, freshUntil, unknownKeyFetchAt } = known
  const down = failedLately(known, now)
  if (fetchedAt === undefined) return down ? { kind: 'unavailable' } : { kind: 'fetch', reason: 'none yet' }
  const fresh = now < freshUntil && freshUntil - now <= MAX_FRESH
  if (!fresh && !down) return { kind: 'fetch', reason: 'stale' }
  const listed = selectKey(keys, kid, algorithm)
  if (listed) return { kind: 'use', listed }
  const isKnown = keys.some(({ jwk }) => (kid === undefined ? fits(jwk, algorithm) : jwk.kid === kid))
  if (isKnown) return { kind: 'refuse token' }
  if (down) return { kind: 'unavailable' }
  if (!within(unknownKeyFetchAt, UNKNOWN_KEY_PERIOD, now)) return { kind: 'fetch', reason: 'unknown key' }
  const landed = known.failedAt === undefined && (unknownKeyFetchAt ?? 0) <= fetchedAt
  return landed ? { kind: 'refuse token' } : { kind: 'await a fetch' }
}

const flightName = (owner: KeyOwner) => JSON.stringify([owner.account, owner.name, owner.url])

function takeOff(deps: IssuerKeyDeps, request: KeyRequest, repair: boolean): Promise<FlightOutcome> {
  const name = flightName(request.owner)
  const flight = fly(deps, request, repair).finally(() => deps.flights.delete(name))
  deps.flights.set(name, flight)
  return flight
}

/**
 * Reads the list again first, because what the request read may be older than the last flight. `repair`: the list is
 * sound, but the item of a listed key is not there.
 */
async function fly(deps: IssuerKeyDeps, request: KeyRequest, repair: boolean): Promise<FlightOutcome> {
  const { store, clock, log } = deps
  const { owner } = request
  const known = await readKeyList(store, owner)
  const now = clock.now()
  const step = nextStep(known, request, now)
  if (step.kind !== 'fetch' && !repair) return { changed: known }
  const reason = step.kind === 'fetch' ? step.reason : 'item missing'
  if (reason === 'unknown key' && !(await claimUnknownKeyFetch(store, owner, known, now))) {
    return { changed: await readKeyList(store, owner) }
  }
  let set: FetchedKeySet
  try {
    set = await fetchKeySet(deps.fetch, owner.keySource ?? { kind: 'issuer', url: owner.url })
  } catch (cause) {
    log.warn({ event: 'issuer-keys-unavailable', issuer: owner.url, reason, cause: String(cause) })
    await markFailure(store, owner, known, clock.now())
    return { failed: cause, known }
  }
  for (const { thumbprint, key } of set.keys) deps.imported.remember(thumbprint, key)
  await putKeys(store, owner, known, set, now)
  log.info({ event: 'issuer-keys-fetched', issuer: owner.url, reason, keys: set.keys.length })
  return { fetched: set.keys }
}
