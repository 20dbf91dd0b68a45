import type { Caller, PolicyText } from '../authentication/caller.ts'
import type { HttpRequest } from '../http/request.ts'
import { parsePolicyCached } from '../policy/cache.ts'
import { joinContexts, lazyContext, mapContext } from '../policy/context.ts'
import { type Decision, decide, type NamedPolicy, type PolicySet } from '../policy/decide.ts'
import type { PolicyKind } from '../policy/document.ts'
import type { AuthorizationRequest } from '../policy/types.ts'
import { dialectOf } from '../store/entities/account.ts'
import { requestContextKeys } from './request-context.ts'

/** One question to the policies. */
export interface AccessQuestion {
  /** `s3:GetObject` */
  readonly action: string
  /** The ARN that the action touches, or `*`. */
  readonly resource: string
  /** The account that owns the resource; absent: the caller's own. */
  readonly resourceAccount?: string
  readonly resourcePolicy?: PolicyText
  /** `trust` when the resource is a role that is to be assumed. Default: `resource`. */
  readonly resourcePolicyKind?: 'resource' | 'trust'
  /** The service's own condition keys. They never hide what is known of the caller or the request. */
  readonly context?: ReadonlyMap<string, readonly string[]>
  readonly request: Pick<HttpRequest, 'sourceIp' | 'secure' | 'headers'>
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** What the policies are asked, and all that have a say. */
export interface PreparedQuestion {
  readonly request: AuthorizationRequest
  readonly policies: PolicySet
}

/** Asks every policy that has a say, as they stand now. An anonymous caller has only what the resource policy grants. */
export async function decideAccess(caller: Caller | undefined, question: AccessQuestion): Promise<Decision> {
  const { request, policies } = await prepareQuestion(caller, question)
  return decide(request, policies)
}

/** Reads the policies of a question without deciding it: for decisions that must be explained too. */
export async function prepareQuestion(caller: Caller | undefined, question: AccessQuestion): Promise<PreparedQuestion> {
  const { action, resource, resourceAccount, resourcePolicy, context = new Map(), request, now } = question
  const account = caller?.account ?? resourceAccount ?? ''
  const named =
    (kind: PolicyKind, owner: string) =>
    ({ name, document }: PolicyText): NamedPolicy => ({
      name,
      policy: parsePolicyCached(document, { kind, dialect: dialectOf(owner) }),
    })
  const own = (await caller?.policies()) ?? { identity: [] }
  const resourceKind = question.resourcePolicyKind ?? 'resource'
  return {
    policies: {
      identity: own.identity.map(named('identity', account)),
      ...(own.boundary ? { boundary: named('boundary', account)(own.boundary) } : {}),
      ...(own.session ? { session: own.session.map(named('session', account)) } : {}),
      ...(resourcePolicy ? { resource: named(resourceKind, resourceAccount ?? account)(resourcePolicy) } : {}),
    },
    request: {
      principal: caller?.principal ?? { type: 'Anonymous' },
      action,
      resource,
      // What is known of the caller and the request comes first: nothing that a service adds may hide it.
      context: {
        ...joinContexts(
          lazyContext(() => mapContext(caller?.contextKeys() ?? new Map())),
          lazyContext(() => mapContext(requestContextKeys(request, now))),
          lazyContext(() => mapContext(new Map([['aws:ResourceAccount', [resourceAccount ?? account]]]))),
          mapContext(context),
        ),
        ...(dialectOf(account) === 'ceph' && { variablesOfMany: true }),
      },
      ...(resourceAccount === undefined ? {} : { resourceAccount }),
    },
  }
}
