/** What a condition key holds, by key. Names are given as the policy writes them; an implementation folds case. */
export interface ConditionContext {
  /** The values of a key: `undefined` when the key is absent from the request, `[]` when it is present and empty. */
  get(key: string): readonly string[] | undefined
  /** Ceph: a variable whose key has several values stands for each of them. AWS: for none. */
  readonly variablesOfMany?: boolean
}

/** Who asks, as policies may name it in `Principal` and as the request context tells it. */
export type RequestPrincipal =
  | {
      readonly type: 'AWS'
      readonly account: string
      /** The user's, the session's or the root's ARN. */
      readonly arn: string
      /** For a role session: the ARN of its role, path included. */
      readonly roleArn?: string
      /** The unique id behind `roleArn`, where `userId` does not begin with it. */
      readonly roleId?: string
      /** `AIDA…`, `AROA…:session` …: what a policy keeps in place of a deleted principal's ARN. */
      readonly userId: string
      readonly root: boolean
    }
  /** A federated identity before it has a session: the provider's ARN, as web-identity and SAML trust policies name it. */
  | { readonly type: 'Federated'; readonly provider: string }
  | { readonly type: 'Service'; readonly service: string }
  | { readonly type: 'Anonymous' }

export interface AuthorizationRequest {
  readonly principal: RequestPrincipal
  /** `s3:GetObject` */
  readonly action: string
  /** The ARN that the action touches, or `*` for actions that have no resource. */
  readonly resource: string
  /** The account that owns the resource; `undefined` where the caller's own account is meant. */
  readonly resourceAccount?: string
  readonly context: ConditionContext
}
