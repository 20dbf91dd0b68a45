import type { Exchange } from '../http/operation.ts'
import { readParams } from '../http/params.ts'
import type { HttpRequest } from '../http/request.ts'
import { claimedDeviceKeys } from '../mfa/second-factor.ts'
import { parseRoleArn } from '../sessions/named-role.ts'
import { roleKey } from '../store/keys.ts'
import type { Key } from '../store/port.ts'
import { managedPolicyKeys } from './policy-texts.ts'

const MOST_POLICIES = 10

/**
 * The rows that an unverified STS request names: its role, session policies and second factor. They are read together with
 * what proves the caller; nothing is told or decided before that proof.
 */
export function namedRows({ request }: Exchange): readonly Key[] {
  const params = readParams(request)
  const role = parseRoleArn(params.get('RoleArn') ?? '')
  const device = claimedDeviceKeys(params.get('SerialNumber'))
  return [
    ...(role ? [roleKey(role.account, role.roleName)] : []),
    ...(device ? [device.device, device.use] : []),
    ...namedPolicies(request),
  ]
}

/** Of these the session policies alone, for an action that takes neither role nor second factor and may read neither. */
export function namedPolicies(request: HttpRequest): readonly Key[] {
  const arns: string[] = []
  for (const [name, arn] of readParams(request)) {
    if (name.startsWith('PolicyArns.') && /^PolicyArns\.member\.\d+\.arn$/.test(name)) arns.push(arn)
  }
  return arns.length === 0 ? [] : managedPolicyKeys(arns.slice(0, MOST_POLICIES))
}
