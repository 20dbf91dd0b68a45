import { S3Error } from '../errors.ts'
import { type Acl, type Grant, MAX_GRANTS, type Permission } from './acl.ts'
import { type CannedAcl, parseCannedAcl } from './canned.ts'
import { type GranteeKind, parseGrantee } from './grantee.ts'

/** What a request's headers ask for. */
export type AskedAcl = { readonly canned: CannedAcl } | { readonly grants: Acl }

const GRANT_HEADERS: Readonly<Record<string, Permission>> = {
  'x-amz-grant-read': 'READ',
  'x-amz-grant-write': 'WRITE',
  'x-amz-grant-read-acp': 'READ_ACP',
  'x-amz-grant-write-acp': 'WRITE_ACP',
  'x-amz-grant-full-control': 'FULL_CONTROL',
}

type Headers = Readonly<Record<string, string>>

/** Whether the headers ask for any ACL. */
export const asksForAcl = (headers: Headers): boolean =>
  headers['x-amz-acl'] !== undefined || Object.keys(GRANT_HEADERS).some((name) => headers[name] !== undefined)

/**
 * The ACL that the headers ask for: a canned one, or a list of grants (S3 API reference, PutObject). That the grantees exist
 * is not proved.
 * @throws S3Error InvalidRequest, InvalidArgument, NotImplemented, MalformedACLError, UnresolvableGrantByEmailAddress
 */
export function parseAclHeaders(headers: Headers): AskedAcl | undefined {
  const canned = headers['x-amz-acl']
  const grants = Object.entries(GRANT_HEADERS).flatMap(([name, permission]) => {
    const value = headers[name]
    return value === undefined ? [] : parseGrants(name, value, permission)
  })
  if (canned !== undefined) {
    if (grants.length > 0) {
      throw new S3Error('InvalidRequest', {
        message: 'Specifying both Canned ACLs and Header Grants is not allowed',
      })
    }
    return { canned: parseCannedAcl(canned) }
  }
  verifyGrantCount(grants)
  return grants.length > 0 ? { grants } : undefined
}

/** @throws S3Error MalformedACLError */
export function verifyGrantCount({ length }: Acl): void {
  if (length > MAX_GRANTS) {
    throw new S3Error('MalformedACLError', { message: `An ACL has at most ${MAX_GRANTS} grants.` })
  }
}

const GRANTEE = /^\s*(id|uri|emailAddress)\s*=\s*(?:"([^"]*)"|([^"\s]+))\s*$/i
const KINDS: Readonly<Record<string, GranteeKind>> = { id: 'id', uri: 'uri', emailaddress: 'emailAddress' }

/** `id="…", uri="…"`; the quotes may be left out. */
function parseGrants(name: string, value: string, permission: Permission): readonly Grant[] {
  return value.split(',').map((text) => {
    const [, type = '', quoted, bare] = GRANTEE.exec(text) ?? []
    const kind = KINDS[type.toLowerCase()]
    if (kind === undefined) {
      throw new S3Error('InvalidArgument', {
        message: 'Argument format not recognized',
        elements: { ArgumentName: name, ArgumentValue: value },
      })
    }
    return { grantee: parseGrantee(kind, quoted ?? bare ?? ''), permission }
  })
}
