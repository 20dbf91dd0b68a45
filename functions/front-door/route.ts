import { StsError } from '@daypass/core/errors.ts'
import {
  type ApiGatewayHandler,
  fromHttpResponse,
  isHttpEvent,
  lambdaHandler,
  toHttpRequest,
} from '@daypass/core/http/api-gateway.ts'
import { type ClaimedOperation, claimedOperation } from '@daypass/core/http/claimed-operation.ts'
import type { HttpHandler } from '@daypass/core/http/query-service.ts'
import type { HttpRequest } from '@daypass/core/http/request.ts'
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'

/**
 * What only functions of their own may do: the whole IAM API and marks of revocation, because they write configuration, and
 * tokens of our own issuer, because the private halves of its keys are read for them. And what only they can: to read
 * certificates and XML signatures takes more code than all other actions together, which no other request should wait for.
 */
const ISOLATED = {
  iam: ({ service }) => service === 'iam',
  'get-web-identity-token': isStsAction('GetWebIdentityToken'),
  'revoke-sessions': isStsAction('RevokeSessions'),
  'assume-role-with-certificate': isStsAction('AssumeRoleWithCertificate'),
  'assume-role-with-saml': isStsAction('AssumeRoleWithSAML'),
} as const satisfies Record<string, (operation: ClaimedOperation) => boolean>

function isStsAction(name: string) {
  return ({ service, action }: ClaimedOperation) => service === 'sts' && action === name
}

/** The isolated functions, by their folders' names. */
export type IsolatedName = keyof typeof ISOLATED

const ISOLATED_NAMES = Object.keys(ISOLATED) as IsolatedName[]

export interface Destinations {
  /** Runs in this process. */
  readonly sts: HttpHandler
  /** Take the raw event and prove everything themselves. */
  readonly isolated: Readonly<Record<IsolatedName, ApiGatewayHandler>>
}

/** Gives each request to what it names. An isolated function gets the event as it came, and its answer goes out as it is. */
export function route(destinations: Destinations, newRequestId: () => string): ApiGatewayHandler {
  const refuse = lambdaHandler('sts', destinations.sts, newRequestId)
  const lead = routeRequest(destinations)
  return async (event) => (isHttpEvent(event) ? lead(toHttpRequest(event, newRequestId), () => event) : refuse(event))
}

/** What leads a request whose event is made only for a function that takes one. */
export type RequestRoute = (request: HttpRequest, event: () => unknown) => Promise<APIGatewayProxyStructuredResultV2>

/** As `route`, for a host that has the request itself. */
export function routeRequest({ sts, isolated }: Destinations): RequestRoute {
  return async (request, event) => {
    const name = isolatedName(request)
    return name === undefined ? fromHttpResponse(await sts(request)) : isolated[name](event())
  }
}

/** The isolated function that a request names. What names nothing in a readable way is refused by STS, in AWS's words. */
export function isolatedName(request: HttpRequest): IsolatedName | undefined {
  try {
    const operation = claimedOperation(request)
    return ISOLATED_NAMES.find((name) => ISOLATED[name](operation))
  } catch (error) {
    if (error instanceof StsError) return undefined
    throw error
  }
}
