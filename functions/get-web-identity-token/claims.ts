import type { Caller } from '@daypass/core/authentication/caller.ts'
import type { SessionTags } from '@daypass/core/sessions/session-tags.ts'

/** AWS puts all that it adds to the standard claims under this name. */
const AWS_CLAIMS = 'https://sts.amazonaws.com/'

const PRINCIPAL_TAG = 'aws:PrincipalTag/'

/**
 * The claims about the caller (IAM User Guide, "Understanding token claims"), which are those that policies are told of it
 * too. `sub` and `principal_id` name what holds the rights: a role session's role, else the caller itself. `region` is the
 * deployment's own and never what a caller signed for.
 */
export function callerClaims(caller: Caller, tags: SessionTags, region: string | undefined): Record<string, unknown> {
  const { account, session } = caller
  const contextKeys = caller.contextKeys()
  const subject = subjectOf(caller)
  const principalTags = [...contextKeys].flatMap(([key, values]) =>
    key.startsWith(PRINCIPAL_TAG) ? [{ key: key.slice(PRINCIPAL_TAG.length), values }] : [],
  )
  const [federatedProvider] = contextKeys.get('aws:FederatedProvider') ?? []
  return {
    sub: subject,
    [AWS_CLAIMS]: {
      aws_account: account,
      ...(region === undefined ? {} : { source_region: region }),
      principal_id: subject,
      ...(session ? { original_session_exp: instant(session.expiresAt) } : {}),
      ...(federatedProvider === undefined ? {} : { federated_provider: federatedProvider }),
      ...(session?.sourceIdentity === undefined ? {} : { source_identity: session.sourceIdentity }),
      ...named('principal_tags', principalTags),
      ...named('request_tags', tags.passed),
    },
  }
}

function subjectOf({ arn, principal, session }: Caller): string {
  return session?.kind === 'role' ? (principal.roleArn ?? arn) : arn
}

/** A tag that has several values, as in a Ceph-style account, is a list. */
function named(claim: string, tags: readonly { readonly key: string; readonly values: readonly string[] }[]) {
  if (tags.length === 0) return {}
  return { [claim]: Object.fromEntries(tags.map(({ key, values }) => [key, values.length === 1 ? values[0] : values])) }
}

const instant = (seconds: number) => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
