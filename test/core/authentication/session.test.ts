import { sessionKey } from '@daypass/core/store/keys.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { ALICE, accounts, OTHER, ROOT } from '../../assume-role/accounts.ts'
import { credentialsOf, type Deployment, deployment } from '../../support/deployment.ts'
import type { SigningCredentials } from '../../support/sign.ts'

let daypass: Deployment
beforeEach(async () => {
  daypass = await deployment(...accounts)
})

const own = async (who: SigningCredentials) =>
  credentialsOf(await daypass.signed(who, { Action: 'AssumeRole', DurationSeconds: '900' }))
const whoIs = (who: SigningCredentials) => daypass.signed(who, { Action: 'GetCallerIdentity' })
const rowOf = async ({ accessKeyId }: SigningCredentials) =>
  (await daypass.deps.store.get(sessionKey(accessKeyId))) ?? expect.fail('no such session')

describe('a session’s record', () => {
  it('of another session, put in its place, makes nobody that other', async () => {
    const [alice, root] = [await own(ALICE), await own(ROOT)]
    await daypass.deps.store.put({ ...(await rowOf(root)), ...sessionKey(alice.accessKeyId) })
    for (const secretAccessKey of [alice.secretAccessKey, root.secretAccessKey]) {
      expect((await whoIs({ ...alice, secretAccessKey })).error?.Code).toBe('InvalidClientTokenId')
    }
  })

  it('that names another account makes nobody root of that', async () => {
    const root = await own(ROOT)
    await daypass.deps.store.update(sessionKey(root.accessKeyId), { set: { account: OTHER } })
    expect((await whoIs(root)).error?.Code).toBe('InvalidClientTokenId')
  })

  it('that ends earlier than the token ends the session', async () => {
    const session = await own(ALICE)
    const now = Math.floor(daypass.clock.now() / 1000)
    await daypass.deps.store.update(sessionKey(session.accessKeyId), { set: { expiresAt: now + 1 } })
    expect((await whoIs(session)).status).toBe(200)
    await daypass.deps.store.update(sessionKey(session.accessKeyId), { set: { expiresAt: now } })
    expect((await whoIs(session)).error?.Code).toBe('ExpiredToken')
  })

  it('that was prolonged does not prolong the token, which is refused without a read', async () => {
    const session = await own(ALICE)
    await daypass.deps.store.update(sessionKey(session.accessKeyId), { set: { expiresAt: 4_000_000_000 } })
    daypass.clock.advance(900_000)
    const before = daypass.trips.total()
    expect((await whoIs(session)).error?.Code).toBe('ExpiredToken')
    expect(daypass.trips.total() - before).toBe(0)
  })

  it('that was marked in its absence is refused like any that was revoked', async () => {
    const session = await own(ALICE)
    await daypass.deps.store.remove(sessionKey(session.accessKeyId))
    await daypass.signed(ROOT, { Action: 'RevokeSessions', AccessKeyId: session.accessKeyId })
    expect((await whoIs(session)).error?.Code).toBe('InvalidClientTokenId')
  })
})
