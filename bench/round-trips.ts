import { ACCOUNT, credentialsOf, deployment } from '../test/support/deployment.ts'
import { startFakeIssuer } from '../test/support/fake-issuer.ts'

/** Calls to the table for each kind of request, counted at the store port. */
export async function benchRoundTrips(): Promise<void> {
  const issuer = await startFakeIssuer({ algorithms: ['RS256'] })
  try {
    const name = issuer.url.replace('http://', '')
    const key = { accessKeyId: 'AKIABENCH', secretAccessKey: 'bench-secret' }
    const daypass = await deployment({
      id: ACCOUNT,
      users: [
        { UserName: 'bench', accessKeys: [{ AccessKeyId: key.accessKeyId, SecretAccessKey: key.secretAccessKey }] },
      ],
      openIdConnectProviders: [{ Url: issuer.url, ClientIDList: ['bench'] }],
      roles: [
        {
          RoleName: 'bench',
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: {
              Effect: 'Allow',
              Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${name}` },
              Action: 'sts:AssumeRoleWithWebIdentity',
            },
          },
        },
      ],
    })
    const now = Math.floor(daypass.clock.now() / 1000)
    const mint = () =>
      daypass.post({
        Action: 'AssumeRoleWithWebIdentity',
        RoleArn: `arn:aws:iam::${ACCOUNT}:role/bench`,
        RoleSessionName: 'bench',
        WebIdentityToken: issuer.sign({ sub: 'bench', aud: 'bench', iat: now, exp: now + 60 }),
      })
    const rows: Record<string, string | number>[] = []
    const count = async <T extends { status: number }>(request: string, run: () => Promise<T>) => {
      const before = { ...daypass.trips.trips }
      const answer = await run()
      if (answer.status !== 200) throw new Error(`${request} was answered with ${answer.status}`)
      const made = Object.entries(daypass.trips.trips).map(
        ([kind, n]) => [kind, n - before[kind as keyof typeof before]] as const,
      )
      rows.push({
        request,
        'round trips': made.reduce((sum, [, n]) => sum + n, 0),
        of: made.flatMap(([kind, n]) => (n > 0 ? [`${n} ${kind}`] : [])).join(', '),
      })
      return answer
    }
    await count('AssumeRoleWithWebIdentity, first token of an issuer', mint)
    const session = await count('AssumeRoleWithWebIdentity', mint)
    await count('GetCallerIdentity, session', () =>
      daypass.signed(credentialsOf(session), { Action: 'GetCallerIdentity' }),
    )
    await count('GetCallerIdentity, long-term key', () => daypass.signed(key, { Action: 'GetCallerIdentity' }))
    console.table(rows)
  } finally {
    await issuer.close()
  }
}
