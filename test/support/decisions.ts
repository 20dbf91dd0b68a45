import { authenticate } from '@daypass/core/authentication/authenticate.ts'
import type { Caller } from '@daypass/core/authentication/caller.ts'
import { decideAccess } from '@daypass/core/authorization/authorize.ts'
import type { Deployment } from './deployment.ts'
import { type SigningCredentials, signRequest } from './sign.ts'

/** Who a key or session is, as every service would find it. */
export async function callerOf({ deps, clock }: Deployment, credentials: SigningCredentials): Promise<Caller> {
  const url = 'https://sts.example/?Action=GetCallerIdentity'
  const signing = { service: 'sts', region: 'us-east-1', now: clock.now() }
  const request = signRequest({ ...credentials, ...signing, method: 'GET', url })
  const signed = await authenticate(deps, request, { service: 'sts', body: request.body })
  if (!signed) throw new Error('the request is not signed')
  return signed.caller
}

/** Whether the holder may do something to a resource, in whose policy `resourcePolicy` stands. */
export async function may(
  daypass: Deployment,
  credentials: SigningCredentials,
  action: string,
  resource: string,
  resourcePolicy?: object,
): Promise<boolean> {
  const caller = await callerOf(daypass, credentials)
  const { outcome } = await decideAccess(caller, {
    action,
    resource,
    resourceAccount: caller.account,
    request: { sourceIp: '192.0.2.1', secure: true, headers: {} },
    now: daypass.clock.now(),
    ...(resourcePolicy && { resourcePolicy: { name: 'bucket policy', document: JSON.stringify(resourcePolicy) } }),
  })
  return outcome === 'allow'
}
