/** Which side is at fault and the HTTP status, for each stable error code (AWS's own statuses). */
const FAULTS = {
  AccessDenied: { status: 403, type: 'Sender' },
  AccountAliasAlreadyExists: { status: 409, type: 'Sender' },
  ConcurrentModification: { status: 409, type: 'Sender' },
  DeleteConflict: { status: 409, type: 'Sender' },
  EntityAlreadyExists: { status: 409, type: 'Sender' },
  EntityTemporarilyUnmodifiable: { status: 409, type: 'Sender' },
  ExpiredToken: { status: 403, type: 'Sender' },
  ExpiredTokenException: { status: 400, type: 'Sender' },
  ExpiredTradeInTokenException: { status: 400, type: 'Sender' },
  FeatureDisabled: { status: 404, type: 'Sender' },
  FeatureEnabled: { status: 409, type: 'Sender' },
  IDPCommunicationError: { status: 400, type: 'Sender' },
  IDPRejectedClaim: { status: 403, type: 'Sender' },
  IncompleteSignature: { status: 400, type: 'Sender' },
  InternalFailure: { status: 500, type: 'Receiver' },
  InvalidAction: { status: 400, type: 'Sender' },
  InvalidAuthenticationCode: { status: 403, type: 'Sender' },
  InvalidAuthorizationMessageException: { status: 400, type: 'Sender' },
  InvalidClientTokenId: { status: 403, type: 'Sender' },
  InvalidIdentityToken: { status: 400, type: 'Sender' },
  InvalidInput: { status: 400, type: 'Sender' },
  InvalidParameterValue: { status: 400, type: 'Sender' },
  InvalidParameterCombination: { status: 400, type: 'Sender' },
  InvalidQueryParameter: { status: 400, type: 'Sender' },
  JWTPayloadSizeExceededException: { status: 400, type: 'Sender' },
  LimitExceeded: { status: 409, type: 'Sender' },
  MalformedInput: { status: 400, type: 'Sender' },
  MalformedPolicyDocument: { status: 400, type: 'Sender' },
  MalformedQueryString: { status: 400, type: 'Sender' },
  MissingAction: { status: 400, type: 'Sender' },
  MissingAuthenticationToken: { status: 403, type: 'Sender' },
  MissingParameter: { status: 400, type: 'Sender' },
  NoSuchEntity: { status: 404, type: 'Sender' },
  NotImplemented: { status: 501, type: 'Sender' },
  OutboundWebIdentityFederationDisabledException: { status: 403, type: 'Sender' },
  PackedPolicyTooLarge: { status: 400, type: 'Sender' },
  RegionDisabledException: { status: 403, type: 'Sender' },
  RequestEntityTooLarge: { status: 413, type: 'Sender' },
  RequestExpired: { status: 400, type: 'Sender' },
  ServiceFailure: { status: 500, type: 'Receiver' },
  ServiceUnavailable: { status: 503, type: 'Receiver' },
  SessionDurationEscalationException: { status: 403, type: 'Sender' },
  SignatureDoesNotMatch: { status: 403, type: 'Sender' },
  Throttling: { status: 400, type: 'Sender' },
  UnmodifiableEntity: { status: 400, type: 'Sender' },
  ValidationError: { status: 400, type: 'Sender' },
} as const satisfies Record<string, { status: number; type: 'Sender' | 'Receiver' }>

export type ErrorCode = keyof typeof FAULTS

/**
 * A refusal with a code that clients rely on. `message` goes to the caller: it says what to change and never holds a
 * secret, a token or an internal name. `detail` and `cause` go to the operator's log and nowhere else.
 */
export class StsError extends Error {
  readonly code: ErrorCode
  readonly detail: Readonly<Record<string, string>>

  constructor(
    code: ErrorCode,
    message: string,
    { cause, detail = {} }: { cause?: unknown; detail?: Readonly<Record<string, string>> } = {},
  ) {
    super(message, { cause })
    this.name = 'StsError'
    this.code = code
    this.detail = detail
  }

  get status(): number {
    return FAULTS[this.code].status
  }

  get type(): 'Sender' | 'Receiver' {
    return FAULTS[this.code].type
  }
}
