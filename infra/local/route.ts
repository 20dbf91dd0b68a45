import { DISCOVERY_PATH, HEALTH_PATH, KEY_SET_PATH } from '@daypass/core/issuer/well-known.ts'
import { daypassOperations } from '@daypass/core/model/daypass/names.ts'
import { iamOperations } from '@daypass/core/model/iam/names.ts'
import { stsOperations } from '@daypass/core/model/sts/names.ts'
import { claimsX509Signature } from '@daypass/core/sigv4/x509.ts'

const DOCUMENTS: ReadonlySet<string> = new Set([DISCOVERY_PATH, HEALTH_PATH, KEY_SET_PATH])
const OPERATIONS: ReadonlySet<string> = new Set([...stsOperations, ...daypassOperations, ...iamOperations])

/**
 * Which of the services on the one port a request is for, from method and target alone: `POST /` and `/<ActionName>` are
 * STS and IAM, and so is `GET /` with an `Action`; the well-known documents have their paths; all else is S3. No bucket has an
 * action's name, because bucket names have no upper-case letters. Roles Anywhere's `POST /sessions` could be one to a bucket
 * named `sessions`; only its scheme of signature tells them apart, which S3 does not know.
 */
export function routeOf(method: string, target: string, authorization?: string): 'query' | 'roles-anywhere' | 's3' {
  const mark = target.indexOf('?')
  const path = mark === -1 ? target : target.slice(0, mark)
  const query = mark === -1 ? '' : target.slice(mark + 1)
  if (path === '/') {
    if (method === 'POST') return 'query'
    return method === 'GET' && /(?:^|&)Action=/.test(query) ? 'query' : 's3'
  }
  if (DOCUMENTS.has(path)) return 'query'
  if (method === 'POST' && path === '/sessions' && claimsX509Signature(authorization)) return 'roles-anywhere'
  return OPERATIONS.has(path.replace(/^\/|\/$/g, '')) ? 'query' : 's3'
}
