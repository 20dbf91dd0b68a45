import { KeyRing } from '@daypass/core/credentials/key-ring.ts'
import { keyIdOf, open } from '@daypass/core/credentials/seal.ts'
import type { LogRecord } from '@daypass/core/deps.ts'
import { ensureSigningKeys } from '@daypass/core/issuer/signing-keys.ts'
import { openDynamoDbStore } from '@daypass/core/store/dynamodb/store.ts'
import { accessKeyKey } from '@daypass/core/store/keys.ts'
import type { Item } from '@daypass/core/store/port.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { resealSecrets } from '../../functions/reseal-secrets/action.ts'
import { SEALED_ATTRIBUTES, SWEPT_ATTRIBUTES } from '../../functions/reseal-secrets/sealed-attributes.ts'
import { ALICE, accounts } from '../assume-role/accounts.ts'
import { fakeSecret } from '../key-rotation/fake-secret.ts'
import { type Deployment, deploymentWith } from '../support/deployment.ts'
import { type LocalDynamoDb, startDynamoDb } from '../support/dynalite.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { enableDevice } from '../support/mfa.ts'

const HOUR = 3_600_000
const KINDS = Object.values(SEALED_ATTRIBUTES).map(({ kind }) => kind)

let dynamo: LocalDynamoDb
let table: ReturnType<typeof openDynamoDbStore>
let clock: ManualClock
let secret: ReturnType<typeof fakeSecret>
let ring: KeyRing
let daypass: Deployment
let logged: LogRecord[]

beforeEach(async () => {
  dynamo = await startDynamoDb()
  table = openDynamoDbStore({ tableName: dynamo.tableName, config: dynamo.config })
  clock = new ManualClock()
  secret = fakeSecret(clock, 'long-term')
  ring = new KeyRing(secret.source, clock)
  const sessionRing = new KeyRing(fakeSecret(clock, 'session').source, clock)
  daypass = await deploymentWith({ clock, table, rings: { sessionRing, longTermRing: ring } }, ...accounts)
  await enableDevice(daypass, 'alice')
  await ensureSigningKeys({ store: table, longTermRing: ring, clock })
  logged = []
})
afterEach(async () => {
  await table.close()
  await dynamo.close()
})

async function sealedRows(): Promise<Item[]> {
  const rows: Item[] = []
  for await (const row of table.sweep(KINDS, SWEPT_ATTRIBUTES)) rows.push(row)
  return rows
}

/** The ids of the keys that the table's seals need, by kind. */
async function keysInUse(): Promise<Record<string, string[]>> {
  const found: Record<string, Set<string>> = {}
  for (const row of await sealedRows()) {
    const place = Object.values(SEALED_ATTRIBUTES).find(({ kind }) => row.pk.startsWith(`${kind}#`))
    const text = row[place?.attribute ?? '']
    if (!place || typeof text !== 'string') continue
    found[place.kind] ??= new Set()
    found[place.kind]?.add(keyIdOf(Buffer.from(text, 'base64')) ?? '')
  }
  return Object.fromEntries(Object.entries(found).map(([kind, ids]) => [kind, [...ids]]))
}

const keep = (record: LogRecord) => void logged.push(record)
const reseal = (rows: AsyncIterable<Item> = table.sweep(KINDS, SWEPT_ATTRIBUTES)) =>
  resealSecrets({ rows, store: table, longTermRing: ring, log: { info: keep, warn: keep, error: keep } })
const code = async () => (await daypass.signed(ALICE, { Action: 'GetCallerIdentity' })).error?.Code

async function rotate(): Promise<string> {
  await secret.rotate()
  clock.advance(2 * HOUR)
  return (await ring.sealingKey()).id
}

describe('re-sealing', () => {
  it('moves everything that the ring has sealed to its newest key, and all of it opens as before', async () => {
    const [first] = (await secret.source()).keys
    expect(await keysInUse()).toEqual(Object.fromEntries(KINDS.map((kind) => [kind, [first?.id]])))
    const newest = await rotate()
    const { seen, resealed, lost } = await reseal()
    expect([seen, lost]).toEqual([resealed, 0])
    expect(await keysInUse()).toEqual(Object.fromEntries(KINDS.map((kind) => [kind, [newest]])))

    // Without the old key nothing is lost any more.
    const { keys } = await secret.source()
    ring = new KeyRing(async () => ({ keys: keys.slice(1) }), clock)
    for (const [purpose, { kind, attribute, boundTo }] of Object.entries(SEALED_ATTRIBUTES)) {
      for (const row of (await sealedRows()).filter(({ pk }) => pk.startsWith(`${kind}#`))) {
        const text = Buffer.from(String(row[attribute]), 'base64')
        expect(await open(ring, purpose as 'mfa-seed', String(row[boundTo]), text), row.pk).toBeDefined()
      }
    }
    expect(logged).toEqual([{ event: 'SecretsResealed', seen, resealed, lost }])
  })

  it('leaves alone what the newest key has sealed', async () => {
    const before = await sealedRows()
    expect((await reseal()).resealed).toBe(0)
    expect(await sealedRows()).toEqual(before)
  })

  it('reads nothing of a row but its key, what is sealed and what that is bound to', async () => {
    const names = new Set((await sealedRows()).flatMap((row) => Object.keys(row)))
    expect([...names].sort()).toEqual(['pk', 'sk', ...SWEPT_ATTRIBUTES].sort())
  })

  it('leaves a key alone that was replaced or deleted after the row was read', async () => {
    const rows = await sealedRows()
    await rotate()
    const [replaced, deleted] = rows.filter(({ pk }) => pk.startsWith('KEY#')) as [Item, Item]
    await table.update(replaced, { set: { sealedSecret: 'written-by-another' } })
    await table.remove(deleted)
    await reseal(from(rows))
    expect((await table.get(replaced))?.sealedSecret).toBe('written-by-another')
    expect(await table.get(deleted)).toBeUndefined()
  })

  it('leaves what cannot be opened as it is, and tells the operator', async () => {
    const rows = await sealedRows()
    const damaged = rows.find(({ pk }) => pk.startsWith('KEY#')) as Item
    const text = Buffer.from(String(damaged.sealedSecret), 'base64')
    text[text.length - 1] = (text.at(-1) ?? 0) ^ 1
    await table.update(damaged, { set: { sealedSecret: text.toString('base64') } })
    await rotate()
    expect((await reseal()).lost).toBe(1)
    expect((await table.get(damaged))?.sealedSecret).toBe(text.toString('base64'))
    expect(logged[0]).toMatchObject({ event: 'SealedSecretLost', kind: 'KEY', boundTo: damaged.accessKeyId })
  })

  it('keeps what an old backup brings back usable, because the long-term ring forgets no key', async () => {
    const backup = (await table.get(accessKeyKey(ALICE.accessKeyId))) as Item
    for (let year = 0; year < 3; year += 1) {
      await rotate()
      await reseal()
    }
    expect(await code()).toBeUndefined()
    await table.put(backup)
    expect(await code()).toBeUndefined()
    await reseal()
    expect((await table.get(backup))?.sealedSecret).not.toBe(backup.sealedSecret)
    expect(await code()).toBeUndefined()
  })
})

async function* from(rows: readonly Item[]) {
  yield* rows
}
