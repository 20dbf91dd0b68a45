import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import type { CountingProxy } from '../shared/counting-proxy.ts'
import type { Secrets } from '../shared/secrets.ts'
import { stsOf } from '../shared/sts.ts'
import { adminOf } from './admin.ts'
import { headerOf, tokensOf } from './tokens.ts'

interface World {
  /** Has one source, the client `minio`, through the proxy. */
  readonly endpoint: string
  readonly issuer: string
  readonly proxy: CountingProxy
  readonly secrets: Secrets
}

/** An unknown key leads to at most one fetch in this time. */
const PERIOD_MS = 30_000
const FORGERIES = 25

/** Keycloak's keys change; each step is told when it is done, and a wrong one throws. */
export async function* rotationJourney({ endpoint, issuer, proxy, secrets }: World): AsyncGenerator<string> {
  const [sts, tokens, admin] = [stsOf(endpoint, secrets), tokensOf(issuer, secrets), adminOf(issuer)]
  const newToken = async () => (await tokens.ofUser('minio', 'alice')).idToken
  const exchange = (WebIdentityToken: string) => ({ Action: 'AssumeRoleWithWebIdentity', WebIdentityToken })
  const fetches = () => [proxy.asked('/openid-configuration'), proxy.asked('/certs')]

  const first = await newToken()
  for (let time = 0; time < FORGERIES; time++) await sts.granted(exchange(first))
  assert.deepEqual(fetches(), [1, 1])
  yield `${FORGERIES} exchanges fetch Keycloak’s documents once`

  await admin.addSigningKey('second', 200)
  const second = await newToken()
  assert.notEqual(headerOf(second).kid, headerOf(first).kid)
  await sts.granted(exchange(first))
  assert.deepEqual(fetches(), [1, 1])
  yield 'after Keycloak’s rotation a token of the old key, which is still published, is good'
  const since = performance.now()
  await sts.granted(exchange(second))
  assert.deepEqual(fetches(), [2, 2])
  yield 'a token of the new key is good, by one more fetch'

  const [, ...rest] = second.split('.')
  for (let time = 0; time < FORGERIES; time++) {
    const header = Buffer.from(JSON.stringify({ ...headerOf(second), kid: `forged-${time}` })).toString('base64url')
    await sts.refused(exchange([header, ...rest].join('.')), 'InvalidIdentityToken')
  }
  const periods = Math.floor((performance.now() - since) / PERIOD_MS)
  assert.ok(proxy.asked('/certs') <= 2 + periods, `${proxy.asked('/certs')} fetches`)
  yield `${FORGERIES} forged keys lead to ${periods === 0 ? 'no fetch' : 'one fetch in 30 seconds at most'}`

  await admin.withdrawKey(headerOf(first).kid)
  await admin.addSigningKey('third', 300)
  const third = await newToken()
  await delay(PERIOD_MS + 500)
  const before = proxy.asked('/certs')
  await sts.granted(exchange(third))
  assert.deepEqual(fetches(), [before + 1, before + 1])
  yield 'a period later a third key is good, by one more fetch'
  await sts.granted(exchange(second))
  await sts.refused(exchange(first), 'InvalidIdentityToken')
  assert.deepEqual(fetches(), [before + 1, before + 1])
  yield 'refused: the first key’s token, now that Keycloak publishes that key no longer; the second one’s is good'
}
