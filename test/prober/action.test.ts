import type { Fetcher } from '@daypass/core/net/guarded-fetch.ts'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ExchangeAnswer, type ProberDeps, probe } from '../../functions/prober/action.ts'
import { answerDocument, DOCUMENT_PATHS, ISSUER_PATH } from '../../functions/prober/documents.ts'
import { newProbeKey, type ProbeKey, parseProbeKey } from '../../functions/prober/probe-key.ts'
import { probesOf } from '../../functions/prober/probes.ts'
import { proberAccount } from '../../functions/prober/trusted.ts'
import { credentialsOf, type Deployment, deploymentWith } from '../support/deployment.ts'

const OWN_URL = 'https://sts.example'
const ISSUER = OWN_URL + ISSUER_PATH

let key: ProbeKey
let daypass: Deployment
let fetched: string[]
let probing: ProberDeps
beforeAll(async () => {
  key = await parseProbeKey(await newProbeKey())
})
beforeEach(async () => {
  fetched = []
  const fetch: Fetcher = async (url) => {
    fetched.push(url.href)
    const { status, headers, body } = answerDocument({ path: url.pathname }, ISSUER, key)
    return { status, headers: headers as Record<string, string>, body: Buffer.from(body) }
  }
  daypass = await deploymentWith({ fetch }, proberAccount(ISSUER))
  probing = { issuer: ISSUER, key, clock: daypass.clock, log: daypass.deps.log, ...overTheFrontDoor() }
})

/** As live-client.ts asks over HTTPS. */
function overTheFrontDoor(): Pick<ProberDeps, 'exchange' | 'whoAmI'> {
  return {
    async exchange(WebIdentityToken, RoleArn): Promise<ExchangeAnswer> {
      const form = { Action: 'AssumeRoleWithWebIdentity', RoleArn, RoleSessionName: 'prober', WebIdentityToken }
      const answer = await daypass.post(form)
      if (answer.error) return { outcome: answer.error.Code }
      return { outcome: 'granted', credentials: credentialsOf(answer) }
    },
    async whoAmI(credentials) {
      const { error } = await daypass.signed(credentials, { Action: 'GetCallerIdentity' })
      return error?.Code ?? 'granted'
    },
  }
}

describe('the prober', () => {
  it('finds nothing amiss with a deployment that refuses each flaw in its own words', async () => {
    expect(await probe(probing)).toEqual({ forbiddenGrants: [], surprises: [] })
    expect(fetched).toEqual(DOCUMENT_PATHS.map((path) => OWN_URL + path))
  })

  it('finds nothing amiss the next time either, with no further fetch', async () => {
    await probe(probing)
    daypass.clock.advance(15 * 60_000)
    expect(await probe(probing)).toEqual({ forbiddenGrants: [], surprises: [] })
    expect(fetched).toHaveLength(2)
  })

  const names = probesOf({ issuer: ISSUER, key: {} as ProbeKey, now: 0 }).map(({ name }) => name)
  it.each(names)('tells when a token is granted: %s', async (name) => {
    const open = probesOf({ issuer: ISSUER, key, now: Math.floor(daypass.clock.now() / 1000) })
    const index = open.findIndex((one) => one.name === name)
    let asked = -2 // The control comes first.
    const exchange: ProberDeps['exchange'] = async (token, role) => {
      asked += 1
      return asked === index ? { outcome: 'granted' } : probing.exchange(token, role)
    }
    expect((await probe({ ...probing, exchange })).forbiddenGrants).toEqual([name])
    expect(daypass.logged).toContainEqual({ event: 'ForbiddenGrant', probes: [name] })
  })

  it('tells when another role is granted, or altered credentials are believed', async () => {
    const exchange: ProberDeps['exchange'] = async (token, role) =>
      role.endsWith('-at-all') ? { outcome: 'granted' } : probing.exchange(token, role)
    const whoAmI = async () => 'granted'
    expect((await probe({ ...probing, exchange, whoAmI })).forbiddenGrants).toEqual([
      'another role',
      'wrong secret',
      'damaged session token',
    ])
  })

  it('tells when what must be granted is not, since then no refusal proves anything', async () => {
    const none = await deploymentWith({})
    daypass = none
    const { forbiddenGrants, surprises } = await probe({ ...probing, clock: none.clock })
    expect(forbiddenGrants).toEqual([])
    expect(surprises[0]).toBe('the good token: InvalidIdentityToken')
  })

  it('tells when credentials that it was given are not believed', async () => {
    expect((await probe({ ...probing, whoAmI: async () => 'InternalFailure' })).surprises).toEqual([
      'the good credentials: InternalFailure',
      'wrong secret: InternalFailure instead of SignatureDoesNotMatch',
      'damaged session token: InternalFailure instead of InvalidClientTokenId',
    ])
  })

  it('writes no token and no secret', async () => {
    await probe(probing)
    expect(JSON.stringify(daypass.logged)).not.toMatch(/eyJ[\w-]+\.eyJ/)
  })

  it('holds credentials that open nothing, in an account in which there is nothing', () => {
    const { id, users, groups, policies, roles } = proberAccount(ISSUER)
    expect([id, users, groups, policies]).toEqual(['daypass-prober', undefined, undefined, undefined])
    expect(roles?.map(({ attachedPolicies, policies: inline }) => [attachedPolicies, inline])).toEqual([
      [undefined, undefined],
    ])
  })
})

describe("the prober's key", () => {
  it('is published without its private half', () => {
    const documents = DOCUMENT_PATHS.map((path) => answerDocument({ path }, ISSUER, key).body).join()
    expect(documents).toContain(`"kid":"${key.kid}"`)
    expect(documents).not.toMatch(/"(d|p|q|dp|dq|qi)":/)
    expect(answerDocument({ path: '/other' }, ISSUER, key).status).toBe(404)
  })

  it.each(['', 'null', '{}', '{"kty":"EC"}', 'secret-text'])('is refused without being shown: %s', async (text) => {
    await expect(parseProbeKey(text)).rejects.toThrow("The prober's key cannot be read")
  })
})
