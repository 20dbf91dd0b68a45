import type { Clock, Log } from '@daypass/core/deps.ts'
import type { ProbeKey } from './probe-key.ts'
import { goodToken, probesOf } from './probes.ts'
import { ROLE_ARN } from './trusted.ts'

export interface ProbedCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
}

export interface ProberDeps {
  readonly issuer: string
  readonly key: ProbeKey
  exchange(token: string, roleArn: string): Promise<ExchangeAnswer>
  /** Whether a request signed with these credentials is believed: `granted`, or the error's code. */
  whoAmI(credentials: ProbedCredentials): Promise<string>
  readonly clock: Clock
  readonly log: Log
}

export interface ExchangeAnswer {
  /** `granted`, or the error's code. */
  readonly outcome: string
  readonly credentials?: ProbedCredentials
}

export interface Findings {
  /** What was granted that must be refused: an open door. */
  readonly forbiddenGrants: readonly string[]
  /** What was answered otherwise than expected, though not granted; or the control exchange that was refused. */
  readonly surprises: readonly string[]
}

/**
 * Tries exchanges that must fail, each by one flaw, and one that must be granted; then what its credentials must not open.
 * The names of what went wrong come back and are logged. Rejects only when the deployment cannot be reached at all.
 */
export async function probe(deps: ProberDeps): Promise<Findings> {
  const { clock, log } = deps
  const signing = { issuer: deps.issuer, key: deps.key, now: Math.floor(clock.now() / 1000) }
  const forbiddenGrants: string[] = []
  const surprises: string[] = []
  const expect = (name: string, outcome: string, code: string) => {
    if (outcome === 'granted') forbiddenGrants.push(name)
    else if (outcome !== code) surprises.push(`${name}: ${outcome} instead of ${code}`)
  }

  const control = await deps.exchange(await goodToken(signing), ROLE_ARN)
  if (!control.credentials) surprises.push(`the good token: ${control.outcome}`)
  for (const { name, code, token } of probesOf(signing)) {
    expect(name, (await deps.exchange(await token(), ROLE_ARN)).outcome, code)
  }
  expect('another role', (await deps.exchange(await goodToken(signing), `${ROLE_ARN}-at-all`)).outcome, 'AccessDenied')
  if (control.credentials) await probeCredentials(deps, control.credentials, expect, surprises)

  if (forbiddenGrants.length > 0) log.error({ event: 'ForbiddenGrant', probes: forbiddenGrants })
  if (surprises.length > 0) log.error({ event: 'ProbeSurprised', probes: surprises })
  log.info({ event: 'Probed', forbiddenGrants: forbiddenGrants.length, surprises: surprises.length })
  return { forbiddenGrants, surprises }
}

async function probeCredentials(
  { whoAmI }: ProberDeps,
  good: ProbedCredentials,
  expect: (name: string, outcome: string, code: string) => void,
  surprises: string[],
): Promise<void> {
  const outcome = await whoAmI(good)
  if (outcome !== 'granted') surprises.push(`the good credentials: ${outcome}`)
  const flip = (text: string) => (text.startsWith('A') ? 'B' : 'A') + text.slice(1)
  const { secretAccessKey, sessionToken } = good
  expect('wrong secret', await whoAmI({ ...good, secretAccessKey: flip(secretAccessKey) }), 'SignatureDoesNotMatch')
  const middle = sessionToken.length >> 1
  const damaged = sessionToken.slice(0, middle) + flip(sessionToken.slice(middle))
  expect('damaged session token', await whoAmI({ ...good, sessionToken: damaged }), 'InvalidClientTokenId')
}
