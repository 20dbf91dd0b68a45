import {
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  STSClient,
  STSServiceException,
} from '@aws-sdk/client-sts'
import type { ProbedCredentials, ProberDeps } from './action.ts'

/** The deployment as a caller sees it: over HTTPS, by the SDK that callers use. Rejects when it gives no answer of its own. */
export function stsProbeClient(endpoint: string): Pick<ProberDeps, 'exchange' | 'whoAmI'> {
  // A refusal is the point of it: nothing is tried twice.
  const config = { endpoint, region: 'us-east-1', maxAttempts: 1 }
  const anonymous = new STSClient({ ...config, credentials: { accessKeyId: 'none', secretAccessKey: 'none' } })
  return {
    async exchange(WebIdentityToken, RoleArn) {
      const input = { WebIdentityToken, RoleArn, RoleSessionName: 'prober', DurationSeconds: 900 }
      try {
        const { Credentials } = await anonymous.send(new AssumeRoleWithWebIdentityCommand(input))
        const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials ?? {}
        if (!AccessKeyId || !SecretAccessKey || !SessionToken) return { outcome: 'an answer without credentials' }
        const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }
        return { outcome: 'granted', credentials }
      } catch (error) {
        return { outcome: codeOf(error) }
      }
    },
    async whoAmI(credentials: ProbedCredentials) {
      const client = new STSClient({ ...config, credentials })
      try {
        await client.send(new GetCallerIdentityCommand({}))
        return 'granted'
      } catch (error) {
        return codeOf(error)
      } finally {
        client.destroy()
      }
    },
  }
}

/** The SDK has classes for some codes whose names differ from what is on the wire; Daypass's answers name the wire's. */
function codeOf(error: unknown): string {
  if (error instanceof STSServiceException) return error.name
  throw error
}
