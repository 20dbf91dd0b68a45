import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda'
import type { ApiGatewayHandler } from '@daypass/core/http/api-gateway.ts'

/** Calls another function with the raw event and answers what it answers. */
export function invoke(client: LambdaClient, functionName: string): ApiGatewayHandler {
  return async (event) => {
    const { Payload, FunctionError } = await client.send(
      new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(event) }),
    )
    if (FunctionError !== undefined || !Payload) {
      // The other function's log has the reason; API Gateway turns this into a 500 of its own.
      throw new Error(`${functionName} failed: ${FunctionError ?? 'it answered nothing'}`)
    }
    return JSON.parse(Buffer.from(Payload).toString('utf8'))
  }
}
