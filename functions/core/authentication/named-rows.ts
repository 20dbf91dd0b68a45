import type { Exchange } from '../http/operation.ts'
import { readParams } from '../http/params.ts'
import { claimedDeviceKey } from '../mfa/second-factor.ts'
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
  const device = claimedDeviceKey(params.get('SerialNumber'))
  const arns = [...params].filter(([name]) => /^PolicyArns\.member\.\d+\.arn$/.test(name)).map(([, value]) => value)
  return [
    ...(role ? [roleKey(role.account, role.roleName)] : []),
    ...(device ? [device] : []),
    ...managedPolicyKeys(arns.slice(0, MOST_POLICIES)),
  ]
}
