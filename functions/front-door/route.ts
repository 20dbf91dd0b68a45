import { StsError } from '@daypass/core/errors.ts'
import {
  type ApiGatewayHandler,
  fromHttpResponse,
  isHttpEvent,
  lambdaHandler,
  toHttpRequest,
} from '@daypass/core/http/api-gateway.ts'
import { claimedOperation } from '@daypass/core/http/claimed-operation.ts'
import type { HttpHandler } from '@daypass/core/http/query-service.ts'
import type { HttpRequest } from '@daypass/core/http/request.ts'

export interface Destinations {
  /** Runs in this process. */
  readonly sts: HttpHandler
  /** Isolated: takes the raw event and proves everything itself. */
  readonly iam: ApiGatewayHandler
}

/** Gives each request to the service that it names. An isolated service gets the event as it came, and its answer goes out as it is. */
export function route({ sts, iam }: Destinations, newRequestId: () => string): ApiGatewayHandler {
  const refuse = lambdaHandler('sts', sts, newRequestId)
  return async (event) => {
    if (!isHttpEvent(event)) return refuse(event)
    const request = toHttpRequest(event, newRequestId)
    return namesIam(request) ? iam(event) : fromHttpResponse(await sts(request))
  }
}

/** What names no service in a readable way is refused by STS, in AWS's words. */
function namesIam(request: HttpRequest): boolean {
  try {
    return claimedOperation(request).service === 'iam'
  } catch (error) {
    if (error instanceof StsError) return false
    throw error
  }
}
