import type { AwsClient } from '@daypass/core/aws/client.ts'
import { invokeFunction } from '@daypass/core/aws/invoke.ts'
import type { ApiGatewayHandler } from '@daypass/core/http/api-gateway.ts'
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'

/** Calls another function with the raw event and answers what it answers. */
export function invoke(lambda: AwsClient, functionName: string): ApiGatewayHandler {
  return async (event) => {
    const answer = await invokeFunction(lambda, functionName, event)
    // The other function's log has the reason; API Gateway turns this into a 500 of its own.
    if ('failed' in answer) throw new Error(`${functionName} failed: ${answer.failed}`)
    return answer.payload as APIGatewayProxyStructuredResultV2
  }
}
